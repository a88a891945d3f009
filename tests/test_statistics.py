from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from robustness.statistics import clustered_rate


def draw(
    rng: np.random.Generator, clusters: int, size: int, rate: float, spread: float
) -> tuple[list[bool], list[str]]:
    """Binary outcomes whose rate varies between clusters (beta-distributed, ICC = spread)."""
    concentration = (1 - spread) / spread
    rates = rng.beta(rate * concentration, (1 - rate) * concentration, clusters)
    outcomes = rng.random((clusters, size)) < rates[:, None]
    names = np.repeat([f"drug{i}" for i in range(clusters)], size)
    return outcomes.ravel().tolist(), names.tolist()


def test_independent_clusters_of_one_give_nearly_wilsons_interval() -> None:
    outcomes = [i % 4 == 0 for i in range(400)]
    rate = clustered_rate(outcomes, [f"drug{i}" for i in range(400)])
    assert rate is not None
    low, high = proportion_confint(100, 400, method="wilson")
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=0.002)
    assert (rate.estimate, rate.n, rate.clusters) == (0.25, 400, 400)


def test_copies_within_a_cluster_add_nothing() -> None:
    single = clustered_rate([i % 4 == 0 for i in range(100)], [str(i) for i in range(100)])
    copied = clustered_rate(
        [i // 10 % 4 == 0 for i in range(1000)], [str(i // 10) for i in range(1000)]
    )
    assert single is not None
    assert copied is not None
    assert (copied.low, copied.high) == pytest.approx((single.low, single.high), abs=1e-9)


def test_interval_agrees_with_a_cluster_bootstrap() -> None:
    rng = np.random.default_rng(1)
    outcomes, names = draw(rng, clusters=150, size=12, rate=0.8, spread=0.2)
    rate = clustered_rate(outcomes, names)
    assert rate is not None
    means = np.array(outcomes).reshape(150, 12).mean(axis=1)
    drawn = means[rng.integers(0, 150, (4000, 150))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=0.006)


@pytest.mark.parametrize(("rate", "spread"), [(0.9, 0.05), (0.9, 0.3), (0.7, 0.3)])
def test_coverage(rate: float, spread: float) -> None:
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(400):
        found = clustered_rate(*draw(rng, clusters=60, size=8, rate=rate, spread=spread))
        assert found is not None
        covered += found.low <= rate <= found.high
    assert 0.92 <= covered / 400 <= 0.98


@pytest.mark.parametrize("outcome", [True, False])
def test_nothing_varies(*, outcome: bool) -> None:
    rate = clustered_rate([outcome] * 50, [str(i // 10) for i in range(50)])
    assert rate is not None
    low, high = proportion_confint(5 * outcome, 5, method="wilson")
    assert (rate.low, rate.high) == pytest.approx((low, high))


def test_one_cluster_is_worth_one_pair_and_none_is_no_rate() -> None:
    rate = clustered_rate([True, False, True, True], ["a"] * 4)
    assert rate is not None
    assert rate.high - rate.low > 0.8
    assert clustered_rate([], []) is None


def test_complement() -> None:
    rate = clustered_rate([True] * 9 + [False], [str(i) for i in range(10)])
    assert rate is not None
    flipped = rate.complement
    assert flipped.estimate == pytest.approx(0.1)
    assert (flipped.low, flipped.high) == pytest.approx((1 - rate.high, 1 - rate.low))
