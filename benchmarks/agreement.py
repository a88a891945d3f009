"""Do two ways to reach one model give the same verdicts? For a GGUF file and the same model on a server.

transformers serve FOLDER --port 8000 --device cpu &
python benchmarks/agreement.py gguf:FILE openai:http://127.0.0.1:8000/v1#FOLDER [--questions 200]
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rich.console import Console

from robustness.audit import make_plan
from robustness.audit.asking import answer_prompts
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.verdicts import judge

if TYPE_CHECKING:
    from robustness.audit import Plan
    from robustness.verdicts import Verdict


def main() -> None:
    """Ask both and print the share of equal verdicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--questions", type=int, default=200, help="a pair is two questions")
    options = parser.parse_args()
    console = Console(highlight=False)
    plan = make_plan(load_drugs(), seed=0, budget=options.questions // 2)
    first, second = (verdicts(plan, spec, console) for spec in (options.first, options.second))
    same = sum(a == b for a, b in zip(first, second, strict=True))
    console.print(f"same verdict: {same} of {len(first)} pairs ({same / len(first):.1%})")


def verdicts(plan: Plan, spec: str, console: Console) -> list[Verdict | None]:
    """The verdict of each pair; None where the model failed."""
    prompts = [case.prompt for pair in plan.pairs for case in (pair.baseline, pair.case)]
    answers = answer_prompts(load_model(spec), prompts, None, console.print)
    found = []
    for pair in plan.pairs:
        before, after = answers.get(pair.baseline.prompt), answers.get(pair.case.prompt)
        done = before is not None and after is not None
        found.append(judge(pair.case, before.text, after.text).verdict if done else None)
    return found


if __name__ == "__main__":
    main()
