from __future__ import annotations

import numpy as np
import pytest

from robustness.gate import (
    DEFAULT_RULES,
    GAINS,
    LOSSES,
    Decision,
    Evidence,
    Rule,
    decide,
    gate,
)
from robustness.reporting.wording import METRIC_TITLES
from robustness.results.metrics import METRICS
from robustness.statistics.rates import Sample, summarise


def seen(losses: int, n: int = 1000, *, noise: tuple[int, int] | None = None) -> Evidence:
    """So many losses among so many pairs, each of another drug."""
    return Evidence(sample(losses, n), n, sample(*noise) if noise else None)


def sample(losses: int, n: int) -> Sample:
    return summarise((np.arange(n) < losses).astype(float), np.ones(n))


@pytest.mark.parametrize(
    ("losses", "decision"),
    [(30, Decision.PASS), (45, Decision.INCONCLUSIVE), (90, Decision.FAIL), (0, Decision.PASS)],
)
def test_three_values_and_gains_are_losses_the_other_way_round(
    losses: int, decision: Decision
) -> None:
    evidence = seen(losses)
    flips, holds = decide([Rule("flip_rate", 0.05)], [evidence]) + decide(
        [Rule("consistency", 0.95)], [evidence]
    )
    assert flips.decision is holds.decision is decision
    assert flips.low is not None
    assert flips.high is not None
    assert (holds.low, holds.high) == pytest.approx((1 - flips.high, 1 - flips.low))
    cleared = {Decision.PASS: flips.high <= 0.05, Decision.FAIL: flips.low > 0.05}
    assert cleared.get(decision, flips.low <= 0.05 < flips.high)


def test_p_values_are_where_the_interval_touches_the_threshold() -> None:
    (result,) = decide([Rule("flip_rate", 0.05)], [seen(62)])
    assert result.p_fail is not None
    low, _ = seen(62).interval(1 - 2 * result.p_fail)
    assert low == pytest.approx(0.05, abs=1e-5)
    assert result.p_pass == 1


def test_one_rule_alone_is_decided_by_its_interval_and_many_more_strictly() -> None:
    """A rule that just fails by itself does not fail the gate among twenty that are met."""
    rule, just = Rule("flip_rate", 0.05), seen(66)
    assert decide([rule], [just])[0].decision is Decision.FAIL
    among = decide([rule] * 20, [just, *[seen(20)] * 19])
    assert among[0].decision is Decision.INCONCLUSIVE
    assert {result.decision for result in among[1:]} == {Decision.PASS}


def test_an_inconclusive_rule_says_how_many_pairs_are_missing() -> None:
    few, many, none = (
        decide([Rule("flip_rate", 0.05)], [seen(losses)])[0].more_pairs for losses in (40, 48, 50)
    )
    assert few is not None
    assert many is not None
    assert 0 < few < many
    assert none is None
    assert decide([Rule("flip_rate", 0.05)], [seen(30)])[0].more_pairs is None


def test_what_is_noise_is_subtracted() -> None:
    rule = Rule("flip_rate", 0.05)
    assert decide([rule], [seen(120)])[0].decision is Decision.FAIL
    noisy = decide([rule], [seen(120, noise=(12, 100))])[0]
    assert noisy.decision is Decision.INCONCLUSIVE
    assert noisy.estimate == pytest.approx(0)
    assert noisy.noise_floor == pytest.approx(0.12)
    assert decide([rule], [seen(400, noise=(12, 100))])[0].decision is Decision.FAIL


def test_bounds_of_an_early_stop_replace_the_interval() -> None:
    early = Evidence(sample(30, 200), 200, bounds=(0.06, 0.3))
    (result,) = decide([Rule("flip_rate", 0.05)], [early])
    assert (result.low, result.high, result.p_fail) == (0.06, 0.3, None)
    assert result.decision is Decision.FAIL


def test_without_pairs_nothing_is_decided() -> None:
    (result,) = decide([Rule("consistency", 0.9)], [None])
    assert (result.decision, result.n, result.low) == (Decision.INCONCLUSIVE, 0, None)


def test_the_worst_rule_decides_and_warnings_do_not() -> None:
    rules = [Rule("flip_rate", 0.05)] * 3
    passed, unclear, failed = decide(rules, [seen(10), seen(48), seen(300)])
    assert gate([passed, unclear, failed])["decision"] == "fail"
    assert gate([passed, unclear])["decision"] == "inconclusive"
    assert gate([passed])["decision"] == "pass"
    assert gate([]) == {"decision": "pass", "rules": [], "multiplicity": gate([])["multiplicity"]}
    (warned,) = decide([Rule("flip_rate", 0.05, severity="warning")], [seen(300)])
    assert warned.decision is Decision.FAIL
    assert gate([passed, warned])["decision"] == "pass"
    assert "Holm" in gate([])["multiplicity"]


def test_critical_failures_have_a_rule_of_their_own_by_default() -> None:
    assert {rule.metric for rule in DEFAULT_RULES} == {"flip_rate", "wrong_drug", "critical"}


def test_every_metric_of_the_gate_is_measured_and_shown() -> None:
    assert set(GAINS) | set(LOSSES) == set(METRICS) == set(METRIC_TITLES)
