"""How often the gate is right, on simulated audits and planted models; `benchmarks/gate.py` does more of it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from benchmarks.simulated_audits import stop_early
from benchmarks.simulated_gate import coverage, decisions
from robustness.audit import Wanted, make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.gate import DEFAULT_RULES, Rule
from robustness.models.planted.flaky import FlakyModel

ENOUGH = 5
"""Drugs with a failure that the interval needs to be neither too narrow nor too wide."""


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """93 to 97 % and the simulation's own error (three standard errors of 1,000 repetitions)."""
    cells = list(coverage(repetitions=1000))
    error = 3 * (0.95 * 0.05 / 1000) ** 0.5
    assert [cell for cell in cells if cell.covered < 0.93 - error] == []
    too_wide = [cell for cell in cells if cell.covered > 0.97 + error]
    assert [cell for cell in too_wide if cell.drugs_failing >= ENOUGH] == []
    together = [cell.covered for cell in cells if cell.drugs_failing >= ENOUGH]
    assert 0.945 <= sum(together) / len(together) <= 0.96


def test_false_alarms_are_rare_and_power_is_as_predicted() -> None:
    at_limit = decisions(0.05, limit=0.05, repetitions=1000)
    assert at_limit.failed <= 0.05
    assert at_limit.passed <= 0.05
    assert at_limit.any_failed <= 0.05
    assert decisions(0.036, limit=0.05, repetitions=500).passed == pytest.approx(0.8, abs=0.05)
    assert decisions(0.065, limit=0.05, repetitions=500).failed == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("rate", [0.0, 0.04, 0.06, 0.1, 0.13])
def test_stopping_early_decides_the_same_with_fewer_pairs(rate: float) -> None:
    plan = make_plan(load_drugs(), seed=0, budget=2500)
    rules = [Rule("flip_rate", 0.05)]
    found = [stop_early(plan, rules, rate=rate, correlation=0.1, seed=seed) for seed in range(3)]
    assert all(one.early is one.full for one in found)
    if abs(rate - 0.05) >= 0.05:
        assert sum(one.asked for one in found) / len(found) <= 0.25


def test_a_flaky_model_never_makes_the_gate_flip() -> None:
    """It flips about 18 % of the answers, and without a noise floor it fails."""
    plan = make_plan(load_drugs(), seed=0, budget=120)
    decided: Counter[str] = Counter()
    for seed in range(50):
        model = FlakyModel(random=Random(seed))
        results = run_audit(plan, model, rules=DEFAULT_RULES, wanted=Wanted(repeats=60))
        decided[results["gate"]["decision"]] += 1
    assert not {"pass", "fail"} <= set(decided)
    assert decided["inconclusive"] >= 40
    rule = [Rule("flip_rate", 0.05)]
    assert run_audit(plan, FlakyModel(), rules=rule)["gate"]["decision"] == "fail"
