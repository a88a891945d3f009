"""Do two ways to reach one model give the same verdicts? For a GGUF file and the same model on a server.

transformers serve FOLDER --port 8000 --device cpu &
python benchmarks/agreement.py gguf:FILE openai:http://127.0.0.1:8000/v1#FOLDER [--questions 200] [--out DIR]

Stopped, it goes on from the answers in DIR.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from robustness.audit import Store, make_plan
from robustness.audit.asking import answer_prompts
from robustness.audit.events import BatchAnswered
from robustness.audit.store import store_key
from robustness.drugs import load_drugs
from robustness.files import make_folder
from robustness.models import load_model
from robustness.verdicts import judge

if TYPE_CHECKING:
    from robustness.audit import Plan
    from robustness.audit.events import Event
    from robustness.verdicts import Verdict


def main() -> None:
    """Ask both and print the share of equal verdicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--questions", type=int, default=200, help="a pair is two questions")
    parser.add_argument("--out", type=Path, default=Path("reports/agreement"))
    options = parser.parse_args()
    make_folder(options.out)
    console = Console(highlight=False)
    plan = make_plan(load_drugs(), seed=0, budget=options.questions // 2)
    first, second = (
        verdicts(plan, spec, options.out / name)
        for name, spec in (("first.sqlite", options.first), ("second.sqlite", options.second))
    )
    same = sum(a == b for a, b in zip(first, second, strict=True))
    console.print(f"same verdict: {same} of {len(first)} pairs ({same / len(first):.1%})")


def verdicts(plan: Plan, spec: str, answered: Path) -> list[Verdict | None]:
    """The verdict of each pair; None where the model failed."""
    prompts = list(dict.fromkeys(c.prompt for p in plan.pairs for c in (p.baseline, p.case)))
    model = load_model(spec)
    with Store(answered, store_key(model), spec=spec) as store, Progress(transient=True) as bar:
        task = bar.add_task(spec, total=len(prompts))

        def listen(event: Event) -> None:
            store.listen(event)
            if isinstance(event, BatchAnswered):
                bar.advance(task, len(event.prompts))

        answers = answer_prompts(model, prompts, store, listen)
    found = []
    for pair in plan.pairs:
        before, after = answers.get(pair.baseline.prompt), answers.get(pair.case.prompt)
        done = before is not None and after is not None
        found.append(judge(pair.case, before.text, after.text).verdict if done else None)
    return found


if __name__ == "__main__":
    main()
