"""A confidence sequence: an interval that stays valid however often it is looked at.

The betting method of Waudby-Smith and Ramdas (2023, sections 4 and 5) for a finite population sampled
without replacement. Against every candidate for the population's mean a gambler bets that it is too low
(and another that it is too high); under the true mean the stake is a martingale that starts at 1, so by
Ville's inequality it ever reaches 1/error with probability at most `error`. Candidates whose gambler gets
there are excluded for good. Each gambler spreads the stake over a ladder of fractions (their diversified
Kelly bet), which needs no tuning and is close to the best one in hindsight.

The population is the planned audit itself, and pairs are drawn from it in random order. So what is bounded
is the rate that the *whole audit* would find; this holds whatever pairs of one drug have in common, because
the draw alone is random. How sure the whole audit would be of the world is another question, which
`robustness.audit.early_stop` asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

_CANDIDATES = np.unique(
    np.concatenate(
        [np.linspace(0, 0.1, 201), np.linspace(0.1, 0.9, 321), np.linspace(0.9, 1, 201)]
    ).round(6)
)
"""Means that are tried; an end of the interval is the last one excluded, so it is never too narrow."""
_FRACTIONS = np.geomspace(0.004, 0.9, 12)
"""Shares of the stake that are put on each draw."""


class ConfidenceSequence:
    """Bounds on the mean of a population of zeros and ones that is drawn without replacement.

    Args:
        population: How many values there are.
        error: Chance that the mean ever leaves the bounds, both sides together.

    >>> sequence = ConfidenceSequence(1000, error=0.05)
    >>> sequence.add([True] * 200)
    >>> sequence.low > 0.97, sequence.high
    (True, 1.0)
    """

    def __init__(self, population: int, *, error: float) -> None:
        self._below = _Side(population, error / 2)
        self._above = _Side(population, error / 2)

    def add(self, values: Iterable[bool | None]) -> None:
        """Draw values; None is one that is unknown and counts against either bound."""
        drawn = list(values)
        self._below.add(value is True for value in drawn)
        self._above.add(value is False for value in drawn)

    @property
    def low(self) -> float:
        """Lower bound of the population's mean."""
        return self._below.low

    @property
    def high(self) -> float:
        """Upper bound of the population's mean."""
        return 1 - self._above.low


class _Side:
    """The lower bound alone; the upper one is the lower one of the opposite."""

    def __init__(self, population: int, error: float) -> None:
        self._population, self._barrier = population, -np.log(error)
        self._drawn = self._sum = 0
        self._wealth = np.zeros((len(_CANDIDATES), len(_FRACTIONS)))
        self.low = 0.0

    def add(self, values: Iterable[bool]) -> None:
        for value in values:
            left = self._population - self._drawn
            # The mean of what is left, if the candidate is the mean of all.
            mean = (self._population * _CANDIDATES - self._sum) / left
            possible = np.clip(mean, 1e-9, 1)[:, None]
            self._wealth += (
                np.log1p(_FRACTIONS * (1 / possible - 1)) if value else np.log1p(-_FRACTIONS)
            )
            self._drawn += 1
            self._sum += value
        total = np.logaddexp.reduce(self._wealth, axis=1) - np.log(len(_FRACTIONS))
        excluded = _CANDIDATES[total >= self._barrier]
        self.low = max([self.low, self._sum / self._population, *excluded[-1:].tolist()])
