"""How often the attribution names the planted cause, and how often it is silent where there is none.

Run: python benchmarks/attribution.py [REPEATS]. Each repeat draws other leaflets, questions and pairs.
"""

from __future__ import annotations

import sys

from robustness.attribution.experiment import attribute, draw_control
from robustness.audit import make_plan
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.tokenizers import load_tokenizer

CAUSES = {
    "fragile-segmentation": {"name": True, "segmentation": True, "spelling": False},
    "fragile-spelling": {"name": True, "segmentation": False, "spelling": True},
    "indifferent": {"name": False, "segmentation": False, "spelling": False},
}


def main(repeats: int) -> None:
    """Print in how many repeats every answer of the attribution was right."""
    tokenizer = load_tokenizer("reader-clean")
    right = dict.fromkeys(CAUSES, 0)
    for seed in range(repeats):
        plan = make_plan(load_drugs(), seed=seed, budget=400)
        control = draw_control(plan.pairs, tokenizer, seed=seed)
        own = {c.prompt for a in control.arms for c in (a.pair.baseline, a.pair.case)}
        prompts = list(own | set(control.prompts))
        for behaviour, evidence in CAUSES.items():
            given = load_model(f"planted:{behaviour}").answer(prompts)
            found = attribute(control, dict(zip(prompts, given, strict=True)), seed=seed)
            right[behaviour] += found["evidence"] == evidence
    for behaviour, count in right.items():
        print(f"{behaviour}: {count} of {repeats}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
