from __future__ import annotations

import random

import numpy as np

from robustness.audit import make_plan
from robustness.drugs import load_drugs, select_drugs
from robustness.results.metrics import METRICS
from robustness.results.outcome import Outcome
from robustness.results.outcome_table import Tally, grouped
from robustness.statistics import clustered_rate
from robustness.verdicts import Judgement, Verdict

DRUGS = select_drugs(["metformin", "warfarin", "digoxin"], load_drugs())
PLAN = make_plan(DRUGS, seed=0, budget=120)


def drawn() -> list[Outcome]:
    """Outcomes of all kinds at random; what a question's correct name gets is the same in all its pairs."""
    draw = random.Random(0)
    right = {pair.baseline.id: draw.random() < 0.7 for pair in PLAN.pairs}
    return [
        Outcome(
            pair,
            None,
            None,
            Judgement(
                draw.choice(list(Verdict)),
                baseline_right=right[pair.baseline.id],
                right=draw.random() < 0.5,
            ),
        )
        for pair in PLAN.pairs
    ]


def test_rates_of_any_rows_are_those_of_counting_outcome_by_outcome() -> None:
    outcomes = drawn()
    tally = Tally(outcomes)
    for rows in (None, [], [3], list(range(0, 120, 7)), list(range(60))):
        some = outcomes if rows is None else [outcomes[row] for row in rows]
        found = tally.rates(None if rows is None else np.array(rows, dtype=np.int64))
        for name, metric in METRICS.items():
            assert found[name] == clustered_rate(*metric.measure(some)), name


def test_groups_are_in_order_of_appearance() -> None:
    found = grouped(outcome.judgement.verdict.value for outcome in drawn())
    assert sorted(row for rows in found.values() for row in rows) == list(range(120))
    assert [rows[0] for rows in found.values()] == sorted(rows[0] for rows in found.values())


def test_nothing_makes_no_group() -> None:
    assert grouped([]) == {}
