"""The interval of a difference between two rates that were estimated apart."""

from __future__ import annotations

import math


def difference_interval(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """A difference of two rates with its interval (MOVER: Zou and Donner 2008).

    Each end takes from either interval the side that it depends on, so asymmetric intervals stay so.

    Args:
        first: Estimate, lower and upper end of the minuend.
        second: The same of the subtrahend; the two must be independent.

    Returns:
        Estimate, lower and upper end of first minus second, at the confidence of the two intervals.

    >>> [round(value, 3) for value in difference_interval((0.12, 0.10, 0.14), (0.02, 0.01, 0.05))]
    [0.1, 0.064, 0.122]
    """
    (a, low_a, high_a), (b, low_b, high_b) = first, second
    difference = a - b
    return (
        difference,
        difference - math.hypot(a - low_a, high_b - b),
        difference + math.hypot(high_a - a, b - low_b),
    )
