"""Planted defects are found: a model that confuses look-alikes, and one that invents; and no others."""

from __future__ import annotations

import pytest

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.models import load_model

BEHAVIOURS = {"robust": (0, 0), "look-alikes": (1, 0), "abstaining": (0, 0), "fragile": (0, 1)}
"""Share of look-alikes confused and of invented names answered."""


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_planted_confusion_and_invention_are_found(behaviour: str, seed: int) -> None:
    plan = make_plan(load_drugs(), seed=seed, budget=160)
    found = run_audit(plan, load_model(f"planted:{behaviour}"))
    confused, invented = BEHAVIOURS[behaviour]
    assert found["must_differ"]["rate"]["estimate"] == confused
    assert found["invented"]["rate"]["estimate"] == invented
    assert (len(found["must_differ"]["failures"]) > 0) == bool(confused)
    assert (len(found["invented"]["failures"]) > 0) == bool(invented)
