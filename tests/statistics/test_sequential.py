from __future__ import annotations

import numpy as np
import pytest

from robustness.statistics import ConfidenceSequence


def population(size: int, rate: float, rng: np.random.Generator) -> list[bool]:
    values = np.arange(size) < round(size * rate)
    rng.shuffle(values)
    return [bool(value) for value in values]


def test_one_gambler_against_one_candidate_by_hand() -> None:
    """The stake against a mean of 0.5, followed draw by draw with plain arithmetic."""
    values = [True] * 9 + [False] + [True] * 10
    fractions = np.geomspace(0.004, 0.9, 12)
    stakes = np.ones(12)
    for drawn, value in enumerate(values):
        mean = (100 * 0.5 - sum(values[:drawn])) / (100 - drawn)
        stakes = stakes * (1 + fractions / mean * (value - mean))
    for error, excluded in ((2.1 / stakes.mean(), True), (1.9 / stakes.mean(), False)):
        sequence = ConfidenceSequence(100, error=error)
        sequence.add(values)
        assert (sequence.low >= 0.5) is excluded


@pytest.mark.parametrize("rate", [0.02, 0.5, 0.9])
def test_the_mean_of_the_population_ever_leaves_the_bounds_as_rarely_as_was_asked(
    rate: float,
) -> None:
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(40):
        values = population(200, rate, rng)
        sequence, outside = ConfidenceSequence(200, error=0.2), False
        for start in range(0, 200, 20):
            sequence.add(values[start : start + 20])
            outside |= not sequence.low <= sum(values) / 200 <= sequence.high
        missed += outside
    assert missed <= 14


def test_a_population_that_is_all_drawn_is_known() -> None:
    values = population(60, 0.25, np.random.default_rng(1))
    sequence = ConfidenceSequence(60, error=0.05)
    sequence.add(values)
    assert (sequence.low, sequence.high) == (0.25, 0.75 - 0.5)


def test_unknown_values_count_against_either_bound() -> None:
    known, unknown = (ConfidenceSequence(400, error=0.05) for _ in range(2))
    known.add([True, False] * 100)
    unknown.add([True, False, None] * 66)
    assert unknown.low < known.low < 0.5 < known.high < unknown.high


def test_bounds_only_ever_tighten() -> None:
    values = population(500, 0.3, np.random.default_rng(2))
    sequence, before = ConfidenceSequence(500, error=0.05), (0.0, 1.0)
    for start in range(0, 500, 25):
        sequence.add(values[start : start + 25])
        assert before[0] <= sequence.low <= sequence.high <= before[1]
        before = (sequence.low, sequence.high)
