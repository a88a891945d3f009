"""From rules and what was seen to one of three decisions.

A rule passes when the whole interval of its metric clears the threshold, fails when none of it does, and is
inconclusive otherwise. The gate passes when every rule passes: requiring all of them needs no correction
(intersection-union test, Berger 1982). It fails when any rule fails, which several rules would do by
chance more often than one; so the p-values for failing are adjusted by Holm's method. What a model does
without any misspelling (its noise floor) is subtracted before a rule is applied.

This module knows metrics by name and direction only; `robustness.audit` says what they count.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

from robustness.errors import EXIT_FAILED, EXIT_INCONCLUSIVE, EXIT_PASSED
from robustness.statistics.multiplicity import METHOD as MULTIPLICITY
from robustness.statistics.multiplicity import holm
from robustness.statistics.power import pairs_needed
from robustness.statistics.rate_difference import difference_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.statistics.rates import Sample

Severity = Literal["error", "warning"]
Gain = Literal["consistency", "retained_accuracy", "baseline_accuracy", "misspelled_accuracy"]
Loss = Literal["flip_rate", "wrong_drug", "critical", "abstained"]
MetricName = Literal[Gain, Loss]
GAINS: tuple[str, ...] = get_args(Gain)
"""Metrics that must reach their threshold."""
LOSSES: tuple[str, ...] = get_args(Loss)
"""Metrics that must stay under theirs."""


class Decision(StrEnum):
    """What the gate says."""

    PASS = "pass"  # noqa: S105 - a decision and no password
    """Every rule is met, or there is none."""
    FAIL = "fail"
    """A rule is broken."""
    INCONCLUSIVE = "inconclusive"
    """A threshold lies inside its interval: more pairs are needed."""


EXIT_CODES = {
    Decision.PASS: EXIT_PASSED,
    Decision.FAIL: EXIT_FAILED,
    Decision.INCONCLUSIVE: EXIT_INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold on a metric."""

    metric: str
    """One of `GAINS` (at least the threshold) or `LOSSES` (at most the threshold)."""
    threshold: float
    """0 to 1."""
    slice: str = ""
    """Which pairs, as ``channel=observed``; empty for all."""
    confidence: float = 0.95
    """Of the two-sided interval that must clear the threshold."""
    severity: Severity = "error"
    """A ``warning`` is reported and never fails the gate."""

    @property
    def is_loss(self) -> bool:
        """Whether the metric must stay under the threshold."""
        return self.metric in LOSSES

    @property
    def limit(self) -> float:
        """The largest loss allowed: a gain is turned into what it leaves."""
        return self.threshold if self.is_loss else 1 - self.threshold


DEFAULT_RULES = (
    Rule("flip_rate", 0.05),
    Rule("wrong_drug", 0.02),
    Rule("critical", 0.02),
)
"""What is asked of a model where nothing was configured: about the least that 2,500 pairs can show of each."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an audit saw of one rule, as losses: the share of pairs in which it went wrong."""

    pairs: Sample
    """Losses among the pairs."""
    n: int
    """Number of pairs."""
    noise: Sample | None = None
    """Losses among baselines that were asked twice; None where none of them changed."""
    bounds: tuple[float, float] | None = None
    """Anytime-valid bounds of the loss where the audit stopped early; they replace the interval."""

    @property
    def floor(self) -> float:
        """The part that is no misspelling's doing."""
        return 0.0 if self.noise is None else float(self.noise.estimate)

    @property
    def estimate(self) -> float:
        """Loss beyond the noise floor, never under 0."""
        return max(0.0, float(self.pairs.estimate) - self.floor)

    def interval(self, confidence: float) -> tuple[float, float]:
        """Interval of the loss beyond the noise floor, 0 to 1."""
        low, high = (float(end) for end in self.pairs.interval(confidence))
        if self.noise is not None:
            least, most = self.noise.interval(confidence)
            floor = (self.floor, float(least), float(most))
            _, low, high = difference_interval((float(self.pairs.estimate), low, high), floor)
        return max(0.0, low), min(1.0, max(0.0, high))


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule; estimate and interval are those of the metric, the noise floor taken off."""

    metric: str
    slice: str
    threshold: float
    confidence: float
    severity: Severity
    decision: Decision
    n: int
    """Pairs that the rule is about."""
    estimate: float | None = None
    """None without pairs, as are all the values that follow."""
    low: float | None = None
    high: float | None = None
    noise_floor: float | None = None
    """What was subtracted."""
    p_pass: float | None = None
    """One-sided p-value against "the threshold is missed"; None after an early stop, as is the next."""
    p_fail: float | None = None
    """One-sided p-value against "the threshold is cleared", adjusted by Holm's method over the rules."""
    more_pairs: int | None = None
    """How many pairs more would decide an inconclusive rule, at the present estimate; None where no number
    would or none is needed."""


def decide(rules: Sequence[Rule], evidence: Sequence[Evidence | None]) -> list[RuleResult]:
    """Apply rules to what was seen of each; without pairs a rule is inconclusive."""
    both = list(zip(rules, evidence, strict=True))
    failing = holm([1.0 if seen is None else _p(seen, rule, fail=True) for rule, seen in both])
    return [_result(*each, p_fail) for each, p_fail in zip(both, failing, strict=True)]


def gate(results: Sequence[RuleResult]) -> dict[str, Any]:
    """The decision over all rules, as it is saved: fail before inconclusive before pass."""
    decisions = {result.decision for result in results if result.severity == "error"}
    worst = next(
        (d for d in (Decision.FAIL, Decision.INCONCLUSIVE) if d in decisions), Decision.PASS
    )
    return {
        "decision": worst.value,
        "multiplicity": f"{MULTIPLICITY} over the rules for failing; passing needs every rule",
        "rules": [asdict(result) for result in results],
    }


def _result(rule: Rule, seen: Evidence | None, p_fail: float) -> RuleResult:
    blank = RuleResult(
        rule.metric,
        rule.slice,
        rule.threshold,
        rule.confidence,
        rule.severity,
        Decision.INCONCLUSIVE,
        0,
    )
    if seen is None:
        return blank
    low, high = seen.bounds or seen.interval(rule.confidence)
    certain = seen.bounds is not None
    decision = Decision.INCONCLUSIVE
    if high <= rule.limit:
        decision = Decision.PASS
    elif low > rule.limit and (certain or p_fail <= (1 - rule.confidence) / 2):
        decision = Decision.FAIL
    shown = (seen.estimate, low, high)
    if not rule.is_loss:
        shown = (1 - seen.estimate, 1 - high, 1 - low)
    return replace(
        blank,
        decision=decision,
        n=seen.n,
        estimate=shown[0],
        low=shown[1],
        high=shown[2],
        noise_floor=seen.floor,
        p_pass=None if certain else _p(seen, rule, fail=False),
        p_fail=None if certain else p_fail,
        more_pairs=_more(rule, seen) if decision is Decision.INCONCLUSIVE else None,
    )


def _more(rule: Rule, seen: Evidence) -> int | None:
    return pairs_needed(
        seen.estimate,
        rule.limit,
        n=seen.n,
        effective=float(seen.pairs.effective),
        confidence=rule.confidence,
    )


def _p(seen: Evidence, rule: Rule, *, fail: bool) -> float:
    """The one-sided p-value whose interval just touches the limit; 1 where the estimate says otherwise."""

    def clears(p: float) -> bool:
        low, high = seen.interval(1 - 2 * p)
        return low > rule.limit if fail else high <= rule.limit

    return _smallest(clears)


def _smallest(clears: Callable[[float], bool]) -> float:
    """The smallest p of 1e-12 to 0.5 that clears, to four digits, by bisection on its logarithm."""
    low, high = 1e-12, 0.5 - 1e-9
    if clears(low):
        return low
    if not clears(high):
        return 1.0
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if clears(middle) else (middle, high)
    return high
