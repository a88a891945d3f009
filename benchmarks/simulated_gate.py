"""Made-up audits whose truth is known: how often intervals cover it and rules decide wrongly.

Failures of a drug's pairs are drawn from a beta-binomial distribution: every drug has a rate of its own, and
the intraclass correlation says how much these rates differ. The intervals are those of
`robustness.statistics.rates`, the very functions that audits use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.statistics.rates import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CLUSTERS = (20, 50, 100, 300)
CORRELATIONS = (0.0, 0.1, 0.3, 0.5)
RATES = (0.5, 0.8, 0.9, 0.95, 0.99)
LARGEST_CLUSTER = 9


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often 95 % intervals held the truth in one cell of the grid."""

    clusters: int
    correlation: float
    rate: float
    equal_sizes: bool
    """Whether every drug had 5 pairs, or between 1 and `LARGEST_CLUSTER`."""
    covered: float
    """Share of intervals that held the rate."""
    too_high: float
    """Share that lay above it."""
    too_low: float
    """Share that lay below it."""

    @property
    def drugs_failing(self) -> float:
        """Expected number of drugs with a failure: what the sparse cells have in common."""
        sizes = np.full(1, 5) if self.equal_sizes else np.arange(1, LARGEST_CLUSTER + 1)
        return float(self.clusters * np.mean([self._fails(int(size)) for size in sizes]))

    def _fails(self, size: int) -> float:
        """Chance that a drug of this many pairs has a failure."""
        miss = 1 - self.rate
        if self.correlation == 0:
            return 1 - self.rate**size
        total = (1 - self.correlation) / self.correlation
        steps = np.arange(size)
        return 1 - float(np.prod((self.rate * total + steps) / (total + steps))) if miss else 0.0


@dataclass(frozen=True, slots=True)
class Decided:
    """How often a rule ended in each decision at one true rate."""

    rate: float
    passed: float
    failed: float
    any_failed: float
    """Share of gates of several such rules, independent of each other, in which any failed (Holm)."""


def draw(
    rng: np.random.Generator,
    *,
    rate: float,
    correlation: float,
    sizes: NDArray[np.int64],
    repetitions: int,
) -> NDArray[np.float64]:
    """Successes by drug, shape (repetitions, drugs)."""
    rates: NDArray[np.float64] | float = rate
    if correlation and 0 < rate < 1:
        total = (1 - correlation) / correlation
        rates = rng.beta(rate * total, (1 - rate) * total, (repetitions, len(sizes)))
    return rng.binomial(sizes, rates, (repetitions, len(sizes))).astype(np.float64)


def coverage(*, repetitions: int, seed: int = 0) -> Iterator[Coverage]:
    """Coverage of the 95 % interval in every cell of the grid."""
    rng = np.random.default_rng(seed)
    for equal in (True, False):
        for clusters in CLUSTERS:
            sizes = (
                np.full(clusters, 5) if equal else rng.integers(1, LARGEST_CLUSTER + 1, clusters)
            )
            for correlation in CORRELATIONS:
                for rate in RATES:
                    totals = draw(
                        rng,
                        rate=rate,
                        correlation=correlation,
                        sizes=sizes,
                        repetitions=repetitions,
                    )
                    low, high = summarise(totals, sizes.astype(float)).interval(0.95)
                    above, below = float((low > rate).mean()), float((high < rate).mean())
                    covered = 1 - above - below
                    yield Coverage(clusters, correlation, rate, equal, covered, above, below)


def decisions(
    rate: float,
    *,
    limit: float,
    clusters: int = 500,
    size: int = 5,
    correlation: float = 0.1,
    rules: int = 3,
    repetitions: int,
    seed: int = 0,
) -> Decided:
    """How often a rule "at most `limit`" is decided each way when the truth is `rate`."""
    rng = np.random.default_rng(seed)
    totals = draw(
        rng,
        rate=rate,
        correlation=correlation,
        sizes=np.full(clusters, size),
        repetitions=repetitions * rules,
    )
    sample = summarise(totals, np.full(clusters, float(size)))
    low, high = sample.interval(0.95)
    strict, _ = sample.interval(1 - 0.05 / rules)  # Holm fails a first rule at this level
    together = (strict > limit).reshape(repetitions, rules).any(axis=1)
    return Decided(
        rate,
        passed=float((high <= limit).mean()),
        failed=float((low > limit).mean()),
        any_failed=float(together.mean()),
    )
