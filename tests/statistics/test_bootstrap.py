from __future__ import annotations

import numpy as np
import pytest

from robustness.statistics import cluster_bootstrap, clustered_rate
from tests.statistics.test_rates import draw


def test_it_agrees_with_resampling_by_hand_and_with_the_closed_form() -> None:
    rng = np.random.default_rng(1)
    outcomes, names = draw(rng, clusters=150, size=12, rate=0.8, spread=0.2)
    found = cluster_bootstrap(outcomes, names, seed=0, resamples=4000)
    means = np.array(outcomes).reshape(150, 12).mean(axis=1)
    by_hand = np.quantile(means[rng.integers(0, 150, (4000, 150))].mean(axis=1), [0.025, 0.975])
    rate = clustered_rate(outcomes, names)
    assert rate is not None
    assert found == pytest.approx(tuple(by_hand), abs=0.004)
    assert found == pytest.approx((rate.low, rate.high), abs=0.006)


def test_the_seed_decides() -> None:
    outcomes, names = draw(np.random.default_rng(2), clusters=40, size=5, rate=0.7, spread=0.1)
    first, again, other = (cluster_bootstrap(outcomes, names, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize(
    ("outcomes", "names"),
    [([], []), ([True, False], ["a", "a"]), ([True, True], ["a", "b"]), ([False], ["a"])],
)
def test_where_resampling_says_nothing(outcomes: list[bool], names: list[str]) -> None:
    assert cluster_bootstrap(outcomes, names, seed=0) is None
