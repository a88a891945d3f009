"""One wrong way to write one name, with the edits that made it.

This module only holds and describes; where misspellings come from is told in `observed` and `ranking`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from robustness.misspellings.edits import Edit, edits_between

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


@dataclass(frozen=True, slots=True, init=False)
class Misspelling:
    """One wrong way to write one name.

    It is made a hundred times a name, so that it is filled through its slots, which takes half the time
    of what a frozen dataclass does.
    """

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

    def __init__(  # noqa: PLR0917  # as the fields stand
        self,
        text: str,
        intended: str,
        operator: str,
        edits: tuple[Edit, ...],
        channel: Channel,
        reports: int = 0,
        probability: float | None = None,
    ) -> None:
        set_text, set_intended, set_operator, set_edits, set_channel, set_reports, set_p = _SLOTS
        set_text(self, text)
        set_intended(self, intended)
        set_operator(self, operator)
        set_edits(self, edits)
        set_channel(self, channel)
        set_reports(self, reports)
        set_p(self, probability)

    @property
    def distance(self) -> int:
        """Edit distance from the intended name (optimal string alignment)."""
        return len(self.edits)


_SLOTS = tuple(getattr(Misspelling, field.name).__set__ for field in fields(Misspelling))


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
