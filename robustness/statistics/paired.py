"""Two sets of outcomes on the same pairs: is the second worse than the first?

McNemar's exact test asks whether more pairs went one way than the other, and treats every pair as
independent; the interval of the difference respects that pairs about one drug change together. A change is
called significant only when both say so: the exact test keeps few changed pairs from deciding, the
clustered interval keeps one drug from deciding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """How often something happened in two audits of the same pairs."""

    n: int
    """Pairs in both."""
    clusters: int
    """Drugs."""
    appeared: int
    """Pairs in which it happened in the second alone."""
    vanished: int
    """Pairs in which it happened in the first alone."""
    difference: float
    """Share in the second minus share in the first."""
    low: float
    """Lower end of the clustered interval of the difference."""
    high: float
    """Upper end."""
    p_value: float
    """McNemar's exact test, two-sided."""


def compare_paired(
    first: Sequence[bool] | NDArray[np.bool_],
    second: Sequence[bool] | NDArray[np.bool_],
    clusters: Sequence[str] | NDArray[np.int64],
    *,
    confidence: float = 0.95,
) -> PairedComparison | None:
    """Compare what happened to the same pairs in two audits.

    The interval is the mean of the pairwise differences with a cluster-robust variance and Student's t
    with Satterthwaite's degrees of freedom. Where nothing varies within or between drugs it is that of
    as many pairs as there are drugs with the next possible outcome (rule of three: Hanley and
    Lippman-Hand 1983).

    Args:
        first: Whether it happened, pair by pair.
        second: The same pairs in the other audit.
        clusters: The drug of each pair.
        confidence: Coverage of the interval, 0 to 1.

    Returns:
        The comparison, or None when there are no pairs.
    """
    if not len(first):
        return None
    from statsmodels.stats.contingency_tables import mcnemar

    before, after = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    appeared, vanished = int((after & ~before).sum()), int((before & ~after).sum())
    both, neither = int((before & after).sum()), int((~before & ~after).sum())
    test = mcnemar([[both, vanished], [appeared, neither]], exact=True)
    differences = after.astype(float) - before
    low, high = _interval(differences, clusters, confidence)
    return PairedComparison(
        n=len(before),
        clusters=len(np.unique(np.asarray(clusters))),
        appeared=appeared,
        vanished=vanished,
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_value=min(1.0, float(test.pvalue)),
    )


def _interval(
    differences: NDArray[np.float64],
    clusters: Sequence[str] | NDArray[np.int64],
    confidence: float,
) -> tuple[float, float]:
    from scipy.stats import t

    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    n, groups, mean = len(differences), int(index.max()) + 1, float(differences.mean())
    squares = np.bincount(index, weights=differences - mean) ** 2
    second, fourth = float(squares.sum()), float((squares**2).sum())
    if second <= 0 or groups < 2:
        reach = -np.log((1 - confidence) / 2) / groups
        return max(-1.0, mean - reach), min(1.0, mean + reach)
    spread = fourth - second**2 / groups
    freedom = min(groups - 1, max(1.0, 2 * second**2 / spread)) if spread > 0 else groups - 1
    error = np.sqrt(groups / (groups - 1) * second) / n
    reach = float(t.ppf((1 + confidence) / 2, freedom) * error)
    return max(-1.0, mean - reach), min(1.0, mean + reach)
