from __future__ import annotations

import numpy as np
import pytest

from robustness.statistics import detectable, pairs_needed
from robustness.statistics.power import design_effect
from robustness.statistics.rates import summarise


@pytest.mark.parametrize("threshold", [0.05, 0.3])
def test_the_predicted_power_is_the_simulated_one(threshold: float) -> None:
    rng = np.random.default_rng(0)
    ends = detectable(threshold, n=2500, clusters=500, correlation=0.1)
    for rate, decided in zip(ends, (1, 0), strict=True):
        assert rate is not None
        totals = rng.binomial(5, rng.beta(rate * 9, (1 - rate) * 9, (3000, 500)))
        bounds = summarise(totals.astype(float), np.full(500, 5.0)).interval(0.95)
        cleared = bounds[decided] <= threshold if decided else bounds[0] > threshold
        assert cleared.mean() == pytest.approx(0.8, abs=0.05)


def test_what_cannot_be_told() -> None:
    below, above = detectable(0.01, n=50, clusters=50)
    assert below is None
    assert above is not None
    assert detectable(1.0, n=50, clusters=50)[1] is None
    assert detectable(0.0, n=50, clusters=50)[0] is None


def test_as_many_pairs_as_are_asked_for_would_decide() -> None:
    more = pairs_needed(0.04, 0.05, n=500, effective=400)
    assert more is not None
    n = 500 + more
    sizes = np.full(n // 5, 5.0)
    totals = np.zeros(n // 5)
    totals[np.linspace(0, n // 5 - 1, round(n * 0.04)).astype(int)] = 1
    assert summarise(totals, sizes).interval(0.95)[1] <= 0.0505
    assert pairs_needed(0.05, 0.05, n=10, effective=10) is None


def test_design_effect_is_the_textbooks() -> None:
    assert design_effect(100, 100, 0.5) == 1
    assert design_effect(500, 100, 0.25) == 2
