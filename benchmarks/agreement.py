"""Do two ways to reach one model give the same verdicts? A GGUF file in process, and its weights on a server.

python benchmarks/agreement.py gguf:FILE [--questions 200] [--over leaflets] [--out DIR]

Half of the questions spell a name correctly, half of them misspell it. They list options, or are asked over
leaflets, which takes some eight times as long; the model writes its answers. The server is ``transformers
serve`` on the loopback address; it is started and stopped here. Stopped, it goes on from the answers in DIR.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from robustness.answers.asking import answer_prompts
from robustness.answers.events import BatchAnswered
from robustness.answers.store import Store, store_key
from robustness.audit import make_plan
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.files import make_folder
from robustness.models import load_model
from robustness.models.capabilities import Capabilities
from robustness.models.endpoint.client import load_endpoint
from robustness.models.language.causal import LanguageModelAnswers
from robustness.questions.loading import embedded_source
from robustness.verdicts import judge
from tests.models.endpoint.transformers_server import serving

if TYPE_CHECKING:
    from robustness.answers.events import Event
    from robustness.audit import Plan
    from robustness.models import Answer, Prompt, QAModel
    from robustness.verdicts import Verdict

AT_ONCE = 16
"""Prompts that the server is given at once, and that are lost when it is stopped."""
KINDS = {"options": "choice", "leaflets": ""}
"""What questions are asked over, and the kind of model that audits ask such questions."""


def main() -> None:
    """Ask both and print the shares of equal verdicts and of equal answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a Llama model, for example gguf:FILE")
    parser.add_argument("--questions", type=int, default=200, help="a pair is two questions")
    parser.add_argument("--over", choices=KINDS, default="options")
    parser.add_argument("--out", type=Path, default=Path("reports/agreement"))
    options = parser.parse_args()
    make_folder(options.out)
    source = embedded_source(0, kind=KINDS[options.over])
    plan = make_plan(load_drugs(), seed=0, budget=options.questions // 2, source=source)
    here = load_model(options.model, task="generate")
    if not isinstance(here, LanguageModelAnswers):
        raise InputError("Not a language model", value=options.model)
    key = store_key(here)
    first = answered(plan, here, options.out / "here.sqlite", key)
    with TemporaryDirectory() as folder, serving(here, Path(folder)) as spec:
        # it answers one after another, so the last of some has long to wait
        few = Capabilities(prompts_at_once=AT_ONCE)
        there = dataclasses.replace(load_endpoint(spec), timeout=600.0, capabilities=few)
        # the port is another one each time, the weights are not: so the answers may be kept
        second = answered(plan, there, options.out / "served.sqlite", f"{key}/served")
    report(plan, first, second)


def answered(plan: Plan, model: QAModel, kept: Path, key: str) -> dict[Prompt, Answer]:
    """The answers by prompt; those that the model failed on are missing."""
    prompts = list(dict.fromkeys(c.prompt for p in plan.pairs for c in (p.baseline, p.case)))
    with Store(kept, key, spec=model.spec) as store, Progress(transient=True) as bar:
        task = bar.add_task(model.kind, total=len(prompts))

        def listen(event: Event) -> None:
            store.listen(event)
            if isinstance(event, BatchAnswered):
                bar.advance(task, len(event.prompts))

        return answer_prompts(model, prompts, store, listen)


def report(plan: Plan, first: dict[Prompt, Answer], second: dict[Prompt, Answer]) -> None:
    """Print how often both agree."""
    ways = [verdicts(plan, answers) for answers in (first, second)]
    same = sum(a == b and a is not None for a, b in zip(*ways, strict=True))
    texts = sum(p in second and second[p].text == answer.text for p, answer in first.items())
    console = Console(highlight=False)
    console.print(f"same verdict: {same} of {len(plan.pairs)} ({same / len(plan.pairs):.1%})")
    console.print(f"same text: {texts} of {len(first)} answers ({texts / len(first):.1%})")


def verdicts(plan: Plan, answers: dict[Prompt, Answer]) -> list[Verdict | None]:
    """The verdict of each pair; None where the model failed."""
    found: list[Verdict | None] = []
    for pair in plan.pairs:
        case = pair.case
        before, after = answers.get(pair.baseline.prompt), answers.get(case.prompt)
        if before is None or after is None:
            found.append(None)
        else:
            found.append(judge(case, before.text, after.text).verdict)
    return found


if __name__ == "__main__":
    main()
