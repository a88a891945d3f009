"""How large an effect an audit can see, and how many pairs a decision needs.

Both use the normal approximation of a clustered rate (Donner and Klar 2000: the variance of a share times
the design effect 1 + (pairs a drug - 1) times intraclass correlation); `benchmarks/gate.py` compares the
prediction with simulated audits.
"""

from __future__ import annotations

import math

PLANNED_CORRELATION = 0.1
"""Intraclass correlation that is assumed before a run; the audits of the embedded reader show less."""
PLANNED_POWER = 0.8


def design_effect(n: int, clusters: int, correlation: float) -> float:
    """By how much clustering inflates the variance of a share of n pairs.

    >>> design_effect(2500, 500, 0.1)
    1.4
    """
    return 1 + max(0.0, n / clusters - 1) * correlation


def detectable(
    threshold: float,
    *,
    n: int,
    clusters: int,
    confidence: float = 0.95,
    power: float = PLANNED_POWER,
    correlation: float = PLANNED_CORRELATION,
) -> tuple[float | None, float | None]:
    """The rates nearest to a threshold that an audit tells from it with a given power.

    Args:
        threshold: Of the rule, 0 to 1.
        n: Pairs.
        clusters: Drugs.
        confidence: Of the two-sided interval that the rule uses.
        power: Chance that the audit decides at that rate.
        correlation: Intraclass correlation that is assumed.

    Returns:
        The rate below and the rate above the threshold; None where no rate is far enough.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    effective = n / design_effect(n, clusters, correlation)
    reach, margin = float(norm.ppf((1 + confidence) / 2)), float(norm.ppf(power))
    fixed = reach * math.sqrt(threshold * (1 - threshold) / effective)
    # Wilson's interval excludes the threshold when the estimate is `fixed` away from it.

    def short(rate: float) -> float:
        return abs(rate - threshold) - fixed - margin * math.sqrt(rate * (1 - rate) / effective)

    below = brentq(short, 0.0, threshold) if threshold > 0 and short(0.0) > 0 else None
    above = brentq(short, threshold, 1.0) if threshold < 1 and short(1.0) > 0 else None
    return below, above


def pairs_needed(
    estimate: float, threshold: float, *, n: int, effective: float, confidence: float = 0.95
) -> int | None:
    """How many pairs more would decide a rule if the estimate and the clustering stay as they are.

    Args:
        estimate: Present rate.
        threshold: Of the rule.
        n: Present number of pairs.
        effective: How many independent pairs they are worth.
        confidence: Of the two-sided interval that the rule uses.

    Returns:
        The number, at least 1; None when the estimate lies on the threshold, so that no number would do.

    >>> pairs_needed(0.04, 0.05, n=1000, effective=1000)
    825
    """
    from scipy.stats import norm

    if estimate == threshold:
        return None
    reach = float(norm.ppf((1 + confidence) / 2))
    needed = reach**2 * threshold * (1 - threshold) / (estimate - threshold) ** 2
    return max(1, math.ceil(needed * n / effective) - n)
