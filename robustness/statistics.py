"""Rates with intervals that respect clustering by drug.

Pairs about one drug resemble each other, so n pairs are worth fewer than n independent ones. The interval
is Wilson's (1927), with the effective sample size of a clustered sample in place of n, as Korn and
Graubard (1998) do for Clopper-Pearson: n divided by the design effect of the cluster-robust (linearised)
variance, and corrected for the few degrees of freedom of that variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

METHOD = "Wilson with effective sample size, clustered by drug"


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


def clustered_rate(
    successes: Sequence[bool], clusters: Sequence[str], *, confidence: float = 0.95
) -> Rate | None:
    """The share of successes with its interval.

    Where nothing varies (0 of n, n of n, or one cluster) the design effect cannot be estimated; the
    number of clusters is then taken for the effective sample size, which is the cautious end.

    Args:
        successes: One value a pair.
        clusters: The drug of each pair, in the same order.
        confidence: Coverage of the interval, 0 to 1.

    Returns:
        The rate, or None when there are no pairs.
    """
    if not len(successes):
        return None
    from scipy.stats import norm, t
    from statsmodels.stats.proportion import proportion_confint

    values = np.asarray(successes, dtype=float)
    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    n, groups, share = len(values), int(index.max()) + 1, float(values.mean())
    simple = share * (1 - share) / n
    effective = float(groups)
    if simple > 0 and groups > 1:
        totals = np.bincount(index, weights=values - share)
        robust = groups / (groups - 1) * float(totals @ totals) / n**2
        tail = (1 + confidence) / 2
        shrink = float(norm.ppf(tail) / t.ppf(tail, groups - 1)) ** 2
        effective = max(1.0, n * min(1.0, simple / robust if robust else 1.0) * shrink)
    low, high = proportion_confint(
        share * effective, effective, alpha=1 - confidence, method="wilson"
    )
    return Rate(share, max(0.0, float(low)), min(1.0, float(high)), n, groups)
