"""From a rate and a threshold to one of three decisions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from robustness.errors import EXIT_FAILED, EXIT_INCONCLUSIVE, EXIT_PASSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.statistics import Rate


class Decision(StrEnum):
    """What the gate says."""

    PASS = "pass"  # noqa: S105 - a decision and no password
    """Every lower bound clears its threshold, or no threshold was set."""
    FAIL = "fail"
    """An upper bound misses its threshold."""
    INCONCLUSIVE = "inconclusive"
    """A threshold lies inside its interval: more pairs are needed."""


EXIT_CODES = {
    Decision.PASS: EXIT_PASSED,
    Decision.FAIL: EXIT_FAILED,
    Decision.INCONCLUSIVE: EXIT_INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric that must reach a threshold."""

    metric: str
    threshold: float


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule."""

    metric: str
    threshold: float
    decision: Decision
    low: float | None
    """Lower end of the metric's interval; None without pairs."""
    high: float | None


def decide(rule: Rule, rate: Rate | None) -> RuleResult:
    """Apply one rule: pass when the whole interval reaches the threshold, fail when none of it does.

    Without pairs nothing can be decided.
    """
    if rate is None:
        return RuleResult(rule.metric, rule.threshold, Decision.INCONCLUSIVE, None, None)
    decision = Decision.INCONCLUSIVE
    if rate.low >= rule.threshold:
        decision = Decision.PASS
    elif rate.high < rule.threshold:
        decision = Decision.FAIL
    return RuleResult(rule.metric, rule.threshold, decision, rate.low, rate.high)


def gate(results: Sequence[RuleResult]) -> dict[str, Any]:
    """The decision over all rules, as it is saved: fail before inconclusive before pass."""
    decisions = {result.decision for result in results}
    worst = next(
        (d for d in (Decision.FAIL, Decision.INCONCLUSIVE) if d in decisions), Decision.PASS
    )
    return {"decision": worst.value, "rules": [asdict(result) for result in results]}
