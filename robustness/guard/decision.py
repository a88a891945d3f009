"""From a posterior to what is done: correct, ask, or leave the word alone.

Corrected is only what no other drug is near to: a text that is as near to another drug is a collision
(`KnownNames.is_another_drug`), and whoever guesses there may name the wrong drug. A listed look-alike counts as
near when it is one edit farther and not quite improbable. Only where the rest of the prompt names the one drug and not the other is
a collision decided, and never between listed look-alikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from robustness.guard.candidate_names import confusable

if TYPE_CHECKING:
    from robustness.guard.posterior import Hypothesis, Posterior


class Action(StrEnum):
    """What a guard does about a word."""

    CORRECTED = "corrected"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to correct and when to ask."""

    correct: float = 0.95
    """Least posterior of a drug that is written instead."""
    ask: float = 0.8
    """Least posterior that any drug was meant for a question to be asked back."""
    look_alike: float = 1e-4
    """Least posterior of a listed look-alike, one edit farther than the best drug, that keeps it from being
    written."""
    second: float = 0.001
    """Least posterior of a second drug that is offered in the question."""


def decide(found: Posterior, thresholds: Thresholds) -> Action | None:
    """What to do about a word; None for nothing."""
    if found.drug < thresholds.ask:
        return None
    best = found.drugs[0]
    clear = best.probability >= thresholds.correct
    if clear and not any(_in_reach(best, other, thresholds) for other in found.drugs[1:]):
        return Action.CORRECTED
    return Action.ASKED


def offered(found: Posterior, thresholds: Thresholds) -> tuple[str, ...]:
    """The names to ask about, at most two: the first always, others that may well be meant."""
    best, rest = found.drugs[0], found.drugs[1:]
    others = [
        one
        for one in rest
        if one.probability >= thresholds.second * best.probability
        or _in_reach(best, one, thresholds)
    ]
    return tuple(dict.fromkeys(one.best.name for one in (best, *others)))[:2]


def _in_reach(best: Hypothesis, other: Hypothesis, thresholds: Thresholds) -> bool:
    """Whether another drug is so near that a correction would be a guess."""
    if best.best.substances & other.best.substances:
        return False
    farther = other.best.distance - best.best.distance
    if confusable(best.best.substances, other.best.substances):
        return farther <= (1 if other.probability >= thresholds.look_alike else 0)
    return farther <= 0 and not (best.in_context and not other.in_context and farther >= 0)
