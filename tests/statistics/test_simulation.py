from __future__ import annotations

import numpy as np
import pytest

from benchmarks.simulated_gate import Coverage, draw


def test_drawn_outcomes_have_the_rate_and_the_correlation_asked_for() -> None:
    rng = np.random.default_rng(0)
    totals = draw(rng, rate=0.8, correlation=0.3, sizes=np.full(200, 5), repetitions=200)
    shares = totals / 5
    assert shares.mean() == pytest.approx(0.8, abs=0.005)
    # Var(share of a cluster) = p (1 - p) (1 + (m - 1) icc) / m
    assert shares.var() == pytest.approx(0.16 * (1 + 4 * 0.3) / 5, rel=0.03)


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_expected_number_of_drugs_that_fail(correlation: float, *, equal: bool) -> None:
    cell = Coverage(50, correlation, 0.95, equal, 0, 0, 0)
    rng = np.random.default_rng(0)
    sizes = np.full(50, 5) if equal else np.tile(np.arange(1, 10), 50)
    totals = draw(rng, rate=0.95, correlation=correlation, sizes=sizes, repetitions=2000)
    failing = (totals < sizes).mean() * 50
    assert cell.drugs_failing == pytest.approx(failing, rel=0.03)
