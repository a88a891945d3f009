from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from robustness.statistics import difference_interval


def test_without_asymmetry_variances_add_up() -> None:
    assert difference_interval((0.5, 0.47, 0.53), (0.3, 0.26, 0.34)) == pytest.approx(
        (0.2, 0.15, 0.25)
    )


def test_coverage_of_a_difference_of_two_small_rates() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(1000):
        a, b = rng.binomial(500, 0.06), rng.binomial(100, 0.03)
        first = (a / 500, *proportion_confint(a, 500, method="wilson"))
        second = (b / 100, *proportion_confint(b, 100, method="wilson"))
        _, low, high = difference_interval(first, second)
        covered += low <= 0.03 <= high
    assert 0.93 <= covered / 1000 <= 0.98
