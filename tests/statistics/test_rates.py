from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from robustness.statistics import clustered_rate, simple_rate
from robustness.statistics.rates import summarise


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


@pytest.mark.parametrize("outcome", [True, False])
def test_outcomes_all_alike_are_worth_what_a_correlation_of_a_half_leaves(*, outcome: bool) -> None:
    rate = clustered_rate([outcome] * 50, [str(i // 10) for i in range(50)])
    assert rate is not None
    worth = 50 / (1 + 9 * 0.5)
    low, high = proportion_confint(worth * outcome, worth, method="wilson")
    assert (rate.low, rate.high) == pytest.approx((low, high))


def test_one_cluster_is_worth_one_pair_and_none_is_no_rate() -> None:
    for outcomes in ([True, False, True, True], [True] * 400):
        rate = clustered_rate(outcomes, ["a"] * len(outcomes))
        assert rate is not None
        assert rate.high - rate.low > 0.79
    assert clustered_rate([], []) is None
    assert simple_rate(0, 0) is None


def test_failures_in_few_clusters_widen_the_interval() -> None:
    """Thirty failures of thirty drugs tell more of the rate than thirty failures of three."""
    names = [f"drug{i // 10}" for i in range(1000)]
    spread = clustered_rate([i % 10 == 0 and i < 300 for i in range(1000)], names)
    heaped = clustered_rate([i < 30 for i in range(1000)], names)
    assert spread is not None
    assert heaped is not None
    assert spread.estimate == heaped.estimate
    assert heaped.high - heaped.low > 2.5 * (spread.high - spread.low)


def test_simple_rates_are_wilsons() -> None:
    rate = simple_rate(7, 20)
    assert rate is not None
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(7, 20, method="wilson"))


def test_many_samples_at_once_are_summarised_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 9, 40)
    totals = rng.binomial(sizes, rng.beta(4, 1, (25, 40)))
    low, high = summarise(totals.astype(float), sizes.astype(float)).interval(0.9)
    for row, lower, upper in zip(totals, low, high, strict=True):
        outcomes = [i < k for k, n in zip(row, sizes, strict=True) for i in range(n)]
        names = [str(c) for c, n in enumerate(sizes) for _ in range(n)]
        rate = clustered_rate(outcomes, names, confidence=0.9)
        assert rate is not None
        assert (rate.low, rate.high) == pytest.approx((lower, upper))


def test_complement() -> None:
    rate = clustered_rate([True] * 9 + [False], [str(i) for i in range(10)])
    assert rate is not None
    flipped = rate.complement
    assert flipped.estimate == pytest.approx(0.1)
    assert (flipped.low, flipped.high) == pytest.approx((1 - rate.high, 1 - rate.low))
