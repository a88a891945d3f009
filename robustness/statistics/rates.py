"""Rates with intervals that respect clustering by drug, in closed form.

Pairs about one drug resemble each other, so n pairs are worth fewer than n independent ones. The interval
is Wilson's (1927) with two changes. In place of n stands the effective sample size: n divided by the
design effect of the cluster-robust (linearised) variance, as Korn and Graubard (1998) do for
Clopper-Pearson. In place of the normal quantile stands Student's t, whose degrees of freedom are
Satterthwaite's (1946) for that variance, from the fourth moment of the cluster totals: where a few drugs
hold most of the failures, the variance itself is little known and the interval widens.

`docs/statistics.md` shows how often it covers the truth, and where it is wider than it need be. This module
does not resample; `robustness.statistics.bootstrap` does, as a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

METHOD = "Wilson with effective sample size and Satterthwaite's t, clustered by drug"
SIMPLE_METHOD = "Wilson"
UNSEEN_CORRELATION = 0.5
"""Intraclass correlation that is assumed where outcomes are all alike and show none."""
_LEAST_DESIGN_EFFECT = 0.5
"""A design effect below this is taken for chance."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of pairs, never without what it rests on."""

    estimate: float
    """Share of successes, 0 to 1."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    n: int
    """Number of pairs."""
    clusters: int
    """Number of drugs."""
    method: str = METHOD
    """How the interval was made."""

    @property
    def complement(self) -> Rate:
        """The share of failures, with its interval."""
        return Rate(
            1 - self.estimate, 1 - self.high, 1 - self.low, self.n, self.clusters, self.method
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """What an interval needs to know of one sample, or of many at once."""

    estimate: NDArray[np.float64]
    """Shares of successes; any shape, and scalar for one sample."""
    effective: NDArray[np.float64]
    """How many independent pairs the sample is worth."""
    freedom: NDArray[np.float64]
    """Degrees of freedom of its variance; infinite where the variance was not estimated."""

    def interval(self, confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper ends of the two-sided interval of a confidence, 0 to 1."""
        from scipy.stats import norm, t
        from statsmodels.stats.proportion import proportion_confint

        tail = (1 + confidence) / 2
        size = self.effective * (norm.ppf(tail) / t.ppf(tail, self.freedom)) ** 2
        low, high = proportion_confint(
            self.estimate * size, size, alpha=1 - confidence, method="wilson"
        )
        return np.clip(low, 0, 1), np.clip(high, 0, 1)


def summarise(totals: NDArray[np.float64], sizes: NDArray[np.float64]) -> Sample:
    """Summarise one or many clustered samples.

    Where outcomes are all alike (0 of n, n of n) the design effect cannot be estimated; it is then that of
    `UNSEEN_CORRELATION`. One cluster is worth one pair, whatever its outcomes.

    Args:
        totals: Successes by cluster, shape (..., clusters).
        sizes: Pairs by cluster, of a shape that broadcasts to that of `totals`; every cluster has some.

    Returns:
        Summaries of shape (...).
    """
    groups = totals.shape[-1]
    n = np.broadcast_to(sizes, totals.shape).sum(axis=-1)
    share = totals.sum(axis=-1) / n
    squares = (totals - sizes * share[..., None]) ** 2
    second, fourth = squares.sum(axis=-1), (squares**2).sum(axis=-1)
    simple = share * (1 - share) / n
    varies = (simple > 0) & (groups > 1)
    robust = groups / max(groups - 1, 1) * second / n**2
    effect = np.maximum(robust / np.where(varies, simple, 1), _LEAST_DESIGN_EFFECT)
    unseen = 1 + (n / groups - 1) * UNSEEN_CORRELATION
    blind = n / unseen if groups > 1 else np.ones_like(n)
    spread = np.maximum(fourth - second**2 / groups, 1e-300)
    freedom = np.clip(2 * second**2 / spread, 1, max(groups - 1, 1))
    return Sample(share, np.where(varies, n / effect, blind), np.where(varies, freedom, np.inf))


def numbered(clusters: Sequence[str] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Clusters as numbers from 0 on, none left out, in the order of their names or former numbers.

    >>> numbered(["b", "a", "b"]).tolist()
    [1, 0, 1]
    """
    if not isinstance(clusters, np.ndarray):  # an array of names is as wide as the longest one
        number = {name: place for place, name in enumerate(sorted(set(clusters)))}
        return np.fromiter((number[name] for name in clusters), np.int64, len(clusters))
    return np.unique(clusters, return_inverse=True)[1].astype(np.int64)


def sample_of(
    successes: Sequence[bool] | NDArray[np.bool_], clusters: Sequence[str] | NDArray[np.int64]
) -> tuple[Sample, int]:
    """The summary of single pairs, and the number of clusters; there must be a pair."""
    index = numbered(clusters)
    totals = np.bincount(index, weights=np.asarray(successes, dtype=float))
    return summarise(totals.astype(np.float64), np.bincount(index).astype(np.float64)), len(totals)


def clustered_rate(
    successes: Sequence[bool] | NDArray[np.bool_],
    clusters: Sequence[str] | NDArray[np.int64],
    *,
    confidence: float = 0.95,
) -> Rate | None:
    """The share of successes with its interval.

    Args:
        successes: One value a pair.
        clusters: The drug of each pair, in the same order, by its name or a number.
        confidence: Coverage of the interval, 0 to 1.

    Returns:
        The rate, or None when there are no pairs.

    >>> rate = clustered_rate([False] * 40, [f"drug {i // 4}" for i in range(40)])
    >>> f"{rate.estimate:.0f} to {rate.high:.2f}"  # worth 16 pairs, not 40
    '0 to 0.19'
    """
    if not len(successes):
        return None
    sample, groups = sample_of(successes, clusters)
    low, high = sample.interval(confidence)
    return Rate(float(sample.estimate), float(low), float(high), len(successes), groups)


def simple_rate(successes: int, n: int, *, confidence: float = 0.95) -> Rate | None:
    """The share of successes among independent units (drugs, say), with Wilson's interval.

    Returns:
        The rate, or None when there are no units.
    """
    if not n:
        return None
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    return Rate(successes / n, max(0.0, float(low)), min(1.0, float(high)), n, n, SIMPLE_METHOD)
