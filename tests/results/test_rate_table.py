from __future__ import annotations

from dataclasses import replace

import pytest

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs, select_drugs
from robustness.errors import InputError
from robustness.models import load_model
from robustness.reporting.notes import accuracy
from robustness.results.metrics import METRICS
from robustness.results.outcome import Outcome
from robustness.results.outcome_table import Tally
from robustness.results.rate_table import drop, worst_case
from robustness.results.severity import at_stake
from robustness.results.slices import token_change, within
from robustness.verdicts import Judgement, Verdict

PLAN = make_plan(select_drugs(["metformin", "warfarin"], load_drugs()), seed=0, budget=0)


def outcomes(*broken: str) -> list[Outcome]:
    """Every pair of two drugs; those whose misspelling is named went wrong."""
    return [
        Outcome(
            pair,
            None,
            None,
            Judgement(
                Verdict.WRONG_DRUG if pair.misspelling.text in broken else Verdict.CONSISTENT,
                baseline_right=True,
                right=pair.misspelling.text not in broken,
            ),
        )
        for pair in PLAN.pairs
    ]


def test_worst_case_against_counting_by_hand() -> None:
    broken = next(p for p in PLAN.pairs if p.drug.name == "metformin").misspelling.text
    questions = {(p.drug.name, p.case.relation) for p in PLAN.pairs}
    hit = {(p.drug.name, p.case.relation) for p in PLAN.pairs if p.misspelling.text == broken}
    found = worst_case(outcomes(broken))
    assert found["drugs"]["estimate"] == 0.5
    assert found["drugs"]["n"] == 2
    assert found["questions"]["n"] == len(questions)
    assert found["questions"]["estimate"] == pytest.approx(1 - len(hit) / len(questions))
    assert found["misspellings_per_question"] == pytest.approx(len(PLAN.pairs) / len(questions))
    assert found["pairs_per_drug"] == len(PLAN.pairs) / 2
    assert worst_case(outcomes())["drugs"]["estimate"] == 1
    assert worst_case([])["drugs"] is None


def test_the_drop_against_counting_by_hand() -> None:
    seen = outcomes(*[pair.misspelling.text for pair in PLAN.pairs[::5]])
    error = Judgement(Verdict.ERROR, baseline_right=False, right=False)
    found = drop(Tally([*seen, replace(seen[0], judgement=error)]))
    assert found
    kept = sum(outcome.judgement.right for outcome in seen) / len(seen)
    assert found["correct"]["estimate"] == 1
    assert found["misspelled"]["estimate"] == pytest.approx(kept)
    assert found["correct"]["n"] == found["difference"]["n"] == len(seen)
    assert found["difference"]["estimate"] == pytest.approx(1 - kept)
    assert 0 < found["difference"]["low"] < 1 - kept < found["difference"]["high"]
    assert drop(Tally([])) is None
    assert "0.0 points lower" in accuracy({"rates": {"drop": drop(Tally(outcomes()))}})
    assert accuracy({"rates": {}}) == ""


def test_the_worst_case_is_worse_than_the_mean() -> None:
    seen = outcomes(*[pair.misspelling.text for pair in PLAN.pairs[::5]])
    mean = sum(o.judgement.verdict is Verdict.CONSISTENT for o in seen) / len(seen)
    worst = worst_case(seen)
    assert worst["drugs"]["estimate"] <= worst["questions"]["estimate"] < mean


def test_the_bootstrap_stands_beside_the_closed_form() -> None:
    plan = make_plan(load_drugs(), seed=0, budget=600)
    rates = run_audit(plan, load_model("planted:fragile"))["rates"]
    checked = rates["bootstrap"]["flip_rate"]
    flips = rates["overall"]["flip_rate"]
    assert (checked["low"], checked["high"]) == pytest.approx(
        (flips["low"], flips["high"]), abs=0.01
    )
    assert rates["bootstrap"]["abstained"] is None


def test_critical_failures_are_a_share_of_the_pairs_at_stake() -> None:
    staked = [pair for pair in PLAN.pairs if at_stake(pair)]
    assert {pair.drug.name for pair in staked} >= {"warfarin"}
    values, _ = METRICS["critical"].measure(outcomes(*{p.misspelling.text for p in staked}))
    assert len(values) == len(staked)


def test_each_question_counts_once_for_the_baseline() -> None:
    values, _ = METRICS["baseline_accuracy"].measure(outcomes())
    assert len(values) == len({pair.baseline.id for pair in PLAN.pairs}) < len(PLAN.pairs)


@pytest.mark.parametrize("text", ["chanel=observed", "channel", "=x"])
def test_unknown_slices_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="Unknown slice"):
        within(text, {"channel": lambda _: "observed"})


def test_slices_take_what_they_name() -> None:
    known = {"channel": lambda o: o.pair.misspelling.channel}
    taken = [o for o in outcomes() if within("channel=noisy", known)(o)]
    assert {o.pair.misspelling.channel for o in taken} == {"noisy"}
    assert all(within("", known)(o) for o in outcomes())
    assert token_change(["a"], ["a"]) == "unchanged"
