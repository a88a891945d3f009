"""Stop an audit as soon as its decision can no longer change.

Pairs are asked in random order. For each rule a confidence sequence bounds the rate that the whole planned
audit would find (see `robustness.statistics.sequential`). A rule is settled when these bounds lie beyond
the rate at which the whole audit would still hesitate; how wide it would be is predicted from the plan and
an assumed intraclass correlation, on the cautious side. The audit stops when a rule is sure to fail, for
then the gate fails whatever the others do, or when every rule is sure to pass. An audit that never gets
there is the whole audit.

This module asks through a function that it is given, and does not put results together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from robustness.gate import Decision
from robustness.results.evidence import noise
from robustness.statistics import ConfidenceSequence
from robustness.statistics.power import design_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.gate import Evidence
    from robustness.questions.pair import Pair
    from robustness.results.evidence import Watch
    from robustness.results.outcome import Outcome

CHUNK = 64
"""Pairs that are asked between two looks."""
ERROR = 0.02
"""Chance that any bound of any rule is ever wrong, shared out between the rules."""
ASSUMED_CORRELATION = 0.2
"""Intraclass correlation of the whole audit, for the prediction; more than the embedded reader shows."""
_FREEDOM = 20
"""Degrees of freedom of its intervals, for the prediction; large audits have more."""


@dataclass(frozen=True, slots=True)
class Early:
    """What an audit that may stop early asked."""

    outcomes: list[Outcome]
    """The pairs that were asked, in the order of asking."""
    repeats: list[Outcome]
    """The questions that were asked twice."""
    bounds: list[tuple[float, float]] | None
    """Bounds of each rule's loss where it stopped early, the noise floor taken off; else None."""


def ask_until_settled(
    order: Sequence[Pair],
    watched: Sequence[Watch],
    ask: Callable[[Sequence[Pair]], list[Outcome]],
    repeat: Callable[[Sequence[Outcome]], list[Outcome]],
    *,
    first: int = 0,
) -> Early:
    """Ask pairs until the gate's decision is settled or all are asked.

    Args:
        order: All pairs of the plan, in random order.
        watched: The rules that decide.
        ask: Asks some pairs.
        repeat: Asks questions of the first pairs again, for the noise floor.
        first: Number of pairs before the first look; at least `CHUNK`.
    """
    settling = [Settling(watch, order, rules=len(watched)) for watch in watched]
    outcomes: list[Outcome] = []
    repeats: list[Outcome] = []
    while len(outcomes) < len(order):
        size = CHUNK if outcomes else max(CHUNK, first)
        answered = ask(order[len(outcomes) : len(outcomes) + size])
        repeats = repeats if outcomes else repeat(answered)
        outcomes += answered
        for one in settling:
            one.add(answered, repeats)
        decisions = [one.decision for one in settling if one.decides]
        if len(outcomes) < len(order) and settled(decisions):
            return Early(outcomes, repeats, [one.bounds for one in settling])
    return Early(outcomes, repeats, None)


def settled(decisions: Sequence[Decision]) -> bool:
    """Whether the gate's decision cannot change: a rule fails, or all pass."""
    return Decision.FAIL in decisions or set(decisions) == {Decision.PASS}


class Settling:
    """Follows one rule until its decision in the whole audit is settled.

    Args:
        watch: The rule.
        order: All pairs of the plan.
        rules: How many rules there are.
    """

    def __init__(self, watch: Watch, order: Sequence[Pair], *, rules: int) -> None:
        about = watch.planned(order)
        self._watch, self._rules = watch, rules
        self._population = len(about)
        self._drugs = len({pair.drug.name for pair in about})
        self._sequence = ConfidenceSequence(max(1, self._population), error=ERROR / rules)
        self._floor = (0.0, 0.0)

    def add(self, outcomes: Sequence[Outcome], repeats: Sequence[Outcome]) -> None:
        """Take answers in, and what is known of the noise floor."""
        self._sequence.add(self._watch.loss(o) for o in outcomes if self._watch.covers(o))
        floor = noise(self._watch, repeats)
        if floor is not None:
            low, high = floor.interval(self._watch.rule.confidence)
            self._floor = (float(low), float(high))

    @property
    def decides(self) -> bool:
        """Whether the gate's decision depends on the rule."""
        return self._watch.rule.severity == "error"

    @property
    def bounds(self) -> tuple[float, float]:
        """Bounds of the loss, what is no misspelling's doing taken off."""
        low, high = self._sequence.low, self._sequence.high
        return max(0.0, low - self._floor[1]), max(0.0, high - self._floor[0])

    @property
    def decision(self) -> Decision:
        """What the whole audit is sure to decide; inconclusive as long as that is open."""
        if not self._population or self._watch.metric.once:
            return Decision.INCONCLUSIVE
        rule, (low, high) = self._watch.rule, self.bounds
        tail = (1 - rule.confidence) / 2
        if high <= rule.limit - self._reach(rule.limit, tail):
            return Decision.PASS
        if low > rule.limit + self._reach(rule.limit, tail / self._rules):
            return Decision.FAIL
        return Decision.INCONCLUSIVE

    def _reach(self, limit: float, tail: float) -> float:
        """How far from its limit the whole audit has to find the rate to be sure."""
        from scipy.stats import t

        effect = design_effect(self._population, self._drugs, ASSUMED_CORRELATION)
        error = math.sqrt(limit * (1 - limit) * effect / self._population)
        return float(t.ppf(1 - tail, _FREEDOM)) * error


def with_bounds(
    seen: Sequence[Evidence | None], bounds: Sequence[tuple[float, float]] | None
) -> list[Evidence | None]:
    """The evidence with the bounds of a stopped audit in place of its intervals."""
    if bounds is None:
        return list(seen)
    return [
        one if one is None else replace(one, bounds=ends)
        for one, ends in zip(seen, bounds, strict=True)
    ]


def saved(planned: int, early: Early) -> dict[str, Any]:
    """What ``gate.early`` of ``audit.json`` says."""
    return {
        "planned": planned,
        "asked": len(early.outcomes),
        "stopped": early.bounds is not None,
        "error": ERROR,
    }
