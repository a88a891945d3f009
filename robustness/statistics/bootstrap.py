"""The cluster bootstrap: an interval without a formula, to check the closed form against.

Whole drugs are drawn with replacement, so that what pairs of one drug have in common stays together. It is
seeded: the same pairs and seed give the same interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.statistics.rates import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def cluster_bootstrap(
    successes: Sequence[bool] | NDArray[np.bool_],
    clusters: Sequence[str] | NDArray[np.int64],
    *,
    seed: int,
    resamples: int = 2000,
    confidence: float = 0.95,
) -> tuple[float, float] | None:
    """The percentile interval of a share by resampling clusters (Efron and Tibshirani 1993).

    Args:
        successes: One value a pair.
        clusters: The drug of each pair, in the same order, by its name or a number.
        seed: Decides the draws.
        resamples: Number of draws.
        confidence: Coverage of the interval, 0 to 1.

    Returns:
        Lower and upper end, or None where resampling says nothing: fewer than two clusters, or outcomes
        that are all alike.
    """
    from scipy.stats import bootstrap

    index, values = numbered(clusters), np.asarray(successes, dtype=float)
    sizes = np.bincount(index).astype(float)
    if len(sizes) < 2 or values.min() == values.max():
        return None
    totals = np.bincount(index, weights=values)

    def share(
        drawn: NDArray[np.float64], sizes: NDArray[np.float64], axis: int = -1
    ) -> NDArray[np.float64]:
        return np.asarray(drawn.sum(axis=axis) / sizes.sum(axis=axis))

    found = bootstrap(
        (totals, sizes),
        share,
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=resamples,
        batch=500,
        confidence_level=confidence,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(found.low), float(found.high)
