"""One wrong way to write one name, with the edits that made it.

This module only holds and describes; where misspellings come from is told in `observed` and `ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from robustness.misspellings.edits import Edit, edits_between

if TYPE_CHECKING:
    from collections.abc import Iterable

Channel = Literal[
    "observed",
    "noisy",
    "keyboard",
    "phonetic",
    "ocr",
    "speech",
    "unicode",
    "formatting",
    "shortening",
    "naming",
]
CHANNELS: dict[Channel, str] = {
    "observed": "people typed it",
    "noisy": "drawn from the noisy channel, learned from what people typed",
}
"""Every channel with what it means."""


@dataclass(frozen=True, slots=True)
class Misspelling:
    """One wrong way to write one name."""

    text: str
    """The name as written."""
    intended: str
    """The correct name that was meant."""
    operator: str
    """Operators of its edits, joined by ``+``."""
    edits: tuple[Edit, ...]
    """What was done to the intended name, left to right."""
    channel: Channel
    """How it came about."""
    reports: int = 0
    """How many adverse-event reports carry this spelling; 0 when made or found elsewhere."""
    probability: float | None = None
    """Probability under its channel; None where the channel knows none."""

    @property
    def distance(self) -> int:
        """Edit distance from the intended name (optimal string alignment)."""
        return len(self.edits)


class _Draft:
    """A misspelling that can still be written to.

    What is frozen is slow to fill, and a hundred are made a name. Since both classes have the same slots, an
    instance of this one can become one of the other.
    """

    __slots__ = ("channel", "edits", "intended", "operator", "probability", "reports", "text")


def noisy_misspellings(
    intended: str,
    texts: Iterable[str],
    operators: Iterable[str],
    edits: Iterable[tuple[Edit, ...]],
    probabilities: Iterable[float],
) -> list[Misspelling]:
    """Misspellings of one name from the noisy channel, as many as the shortest argument has."""
    made: list[Any] = []
    for text, operator, done, probability in zip(
        texts, operators, edits, probabilities, strict=False
    ):
        one: Any = _Draft()
        one.text = text
        one.intended = intended
        one.operator = operator
        one.edits = done
        one.channel = "noisy"
        one.reports = 0
        one.probability = probability
        one.__class__ = Misspelling
        made.append(one)
    return made


@dataclass(frozen=True, slots=True)
class Draws:
    """What was drawn from a channel, and what was left out."""

    kept: tuple[Misspelling, ...]
    collisions: tuple[tuple[Misspelling, str], ...]
    """Misspellings that are, or are as near to, another drug's name, each with that name."""


def describe(
    text: str,
    intended: str,
    channel: Channel,
    *,
    reports: int = 0,
    probability: float | None = None,
) -> Misspelling:
    """A misspelling with its edits worked out.

    >>> describe("metfromin", "metformin", "observed").operator
    'transposition'
    """
    edits = edits_between(intended, text)
    operator = "+".join(edit.operator for edit in edits)
    return Misspelling(text, intended, operator, edits, channel, reports, probability)
