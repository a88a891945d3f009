from __future__ import annotations

from math import comb

import numpy as np
import pytest

from robustness.statistics import compare_paired


def test_exact_test_and_interval_against_formulas() -> None:
    """12 pairs newly go wrong and 3 no longer do; every pair is a drug of its own."""
    first = [True] * 3 + [False] * 197
    second = [False] * 3 + [True] * 12 + [False] * 185
    found = compare_paired(first, second, [str(i) for i in range(200)])
    assert found is not None
    p_value = 2 * sum(comb(15, k) for k in range(4)) / 2**15
    differences = np.array(second, dtype=float) - np.array(first)
    reach = 1.96 * differences.std(ddof=1) / np.sqrt(200)
    assert (found.appeared, found.vanished, found.n) == (12, 3, 200)
    assert found.p_value == pytest.approx(p_value)
    assert found.difference == pytest.approx(9 / 200)
    assert (found.low, found.high) == pytest.approx((0.045 - reach, 0.045 + reach), abs=0.003)


def test_copies_of_a_drug_add_nothing_to_the_interval() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(100) < 0.2, rng.random(100) < 0.3
    single = compare_paired(first.tolist(), second.tolist(), [str(i) for i in range(100)])
    copied = compare_paired(
        np.repeat(first, 9).tolist(),
        np.repeat(second, 9).tolist(),
        [str(i // 9) for i in range(900)],
    )
    assert single is not None
    assert copied is not None
    assert (copied.low, copied.high) == pytest.approx((single.low, single.high))


@pytest.mark.parametrize("clusters", [1, 40])
def test_where_nothing_changed_the_interval_still_has_a_width(clusters: int) -> None:
    found = compare_paired([True] * 400, [True] * 400, [str(i % clusters) for i in range(400)])
    assert found is not None
    assert (found.p_value, found.difference) == (1, 0)
    assert -found.low == found.high > 3 / clusters / 1.01 or clusters == 1
    assert found.high > 0.05


def test_no_pairs() -> None:
    assert compare_paired([], [], []) is None


def test_coverage_and_false_alarms_with_clusters() -> None:
    """Two runs with the same rates, correlated within drugs: rarely a difference, and both sides alike."""
    rng = np.random.default_rng(5)
    names = [str(i // 5) for i in range(500)]
    missed = alarms = 0
    for _ in range(400):
        rates = np.repeat(rng.beta(0.5, 4.5, 100), 5)
        first, second = rng.random(500) < rates, rng.random(500) < rates
        found = compare_paired(first.tolist(), second.tolist(), names)
        assert found is not None
        missed += not found.low <= 0 <= found.high
        alarms += found.low > 0 and found.p_value < 0.05
    assert 0.02 <= missed / 400 <= 0.08
    assert alarms / 400 <= 0.04
