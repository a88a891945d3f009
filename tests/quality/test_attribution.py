"""The attribution names the cause that was planted, and none where there is none."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize("seed", range(100, 103))
def test_planted_causes_are_found_and_no_others(seed: int) -> None:
    """Three of the repeats that `benchmarks/attribution.py` does twenty of."""
    plan = make_plan(load_drugs(), seed=seed, budget=300)
    control = draw_control(plan.pairs, load_tokenizer("reader-clean"), seed=plan.seed)
    own = {c.prompt for a in control.arms for c in (a.pair.baseline, a.pair.case)}
    prompts = list(own | set(control.prompts))
    for behaviour, evidence in CAUSES.items():
        answers = dict(
            zip(prompts, load_model(f"planted:{behaviour}").answer(prompts), strict=True)
        )
        found = attribute(control, answers, seed=seed)
        assert found["evidence"] == evidence, (behaviour, found["p_values"])
