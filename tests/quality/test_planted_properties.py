"""Planted models fail exactly the properties that they were planted to fail; the robust one fails none."""

from __future__ import annotations

from functools import cache

import pytest

from robustness.errors import InvarianceViolation
from robustness.models import load_model
from robustness.properties import PROPERTIES, Finding, Request, check_properties

WRITING = {
    "misspelling-invariance",
    "formatting-invariance",
    "unicode-invariance",
    "brand-generic-equivalence",
}
PLANTED = {
    "robust": set[str](),
    "fragile": {*WRITING, "invented-drugs-unanswered"},
    "abstaining": WRITING,
    "look-alikes": {"look-alikes-must-differ"},
    "first-option": {"option-order-invariance"},
}


@cache
def found(behaviour: str) -> dict[str, Finding]:
    return check_properties(load_model(f"planted:{behaviour}"), Request(budget=1000))


@pytest.mark.parametrize("behaviour", PLANTED)
def test_exactly_what_was_planted_fails(behaviour: str) -> None:
    findings = found(behaviour)
    assert {name for name, one in findings.items() if not one.passed} == PLANTED[behaviour]
    applying = [one for one in findings.values() if not one.skipped]
    assert all(one.judged and not one.vacuous for one in applying)


@pytest.mark.parametrize("name", sorted(WRITING - {"brand-generic-equivalence"}))
def test_counterexamples_are_of_one_edit(name: str) -> None:
    smallest = found("fragile")[name].counterexamples[0]
    assert isinstance(smallest.violation, InvarianceViolation)
    assert smallest.violation.distance == smallest.trial.size.edits == 1


def test_a_model_of_chance_is_found_out() -> None:
    findings = check_properties(load_model("planted:flaky"), Request(budget=1000))
    assert not findings["baseline-determinism"].passed
    assert {"leaflet-order-invariance"} <= {
        name
        for name, one in check_properties(
            load_model("planted:random"),
            Request(budget=400),
            properties=[PROPERTIES["leaflet-order-invariance"]],
        ).items()
        if not one.passed
    }
