from __future__ import annotations

import math
from dataclasses import replace

import pytest

from robustness.audit import Wanted, make_plan, run_audit
from robustness.audit.cost import Rates, calls_of, predict, simulate, useful_workers
from robustness.drugs import load_drugs
from robustness.models import load_model

RATES = Rates(seconds_per_call=0.02, tokens_per_call=150, driver_seconds_per_pair=0.001)


@pytest.mark.parametrize("budget", [50, 400])
def test_calls_are_those_of_a_real_audit(budget: int) -> None:
    plan = make_plan(load_drugs()[:20], seed=0, budget=budget)
    questions = len({p.baseline.id for p in make_plan(load_drugs()[:20], seed=0, budget=0).pairs})
    counts = run_audit(plan, load_model("planted:robust"), wanted=Wanted(extras=False))["counts"]
    assert counts["model_calls"] == calls_of(len(plan.pairs), questions)


def test_arms_and_repeats_are_counted_and_have_a_most() -> None:
    assert calls_of(1000, 100, repeats=50) == 1000 + 100 + 50
    assert calls_of(1000, 100, repeats=500) == 1000 + 100 + 100
    assert calls_of(100, 0, has_arms=True) == 200 + 200
    assert calls_of(10**6, 0, has_arms=True) == 2 * 10**6 + 600


def test_time_is_linear_in_pairs_and_shrinks_to_what_cannot_be_shared() -> None:
    one, ten = (predict(pairs, RATES) for pairs in (10**5, 10**6))
    assert ten.seconds == pytest.approx(10 * one.seconds, rel=0.001)
    many = predict(10**5, RATES, workers=10**5)
    assert many.seconds == pytest.approx(10**5 * 0.001 + 32 * 0.02)
    assert useful_workers(RATES, calls_per_pair=2) == pytest.approx(40)
    assert useful_workers(replace(RATES, driver_seconds_per_pair=0)) == math.inf


def test_money_is_for_hours_and_for_tokens() -> None:
    cost = predict(3600, RATES, workers=2, price_per_hour=1, price_per_million_tokens=10)
    assert cost.tokens == cost.calls * 150
    assert cost.worker_hours == pytest.approx(2 * cost.seconds / 3600)
    assert cost.money == pytest.approx(cost.worker_hours + cost.tokens / 1e5)


def test_simulation_agrees_with_paper_where_batches_are_alike() -> None:
    for workers in (1, 3, 64):
        batches = [32 * 0.02] * 500
        paper = predict(8000, replace(RATES, driver_seconds_per_pair=0), workers=workers)
        assert simulate(batches, workers=workers) == pytest.approx(paper.seconds, rel=0.02)


def test_lost_workers_cost_their_batch_and_a_start() -> None:
    batches = [60.0] * 2000
    calm = simulate(batches, workers=10)
    lossy = simulate(batches, workers=10, hours_between_losses=1, restart_seconds=120)
    # a loss in 60 of 3,600 s costs half a batch and a start: (30 + 120) / 3600 more
    assert lossy / calm == pytest.approx(1 + 150 / 3600, rel=0.02)
    assert lossy == simulate(batches, workers=10, hours_between_losses=1, restart_seconds=120)
