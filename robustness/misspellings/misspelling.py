"""One wrong way to write one name, with the edits that made it.

This module only holds and describes; where misspellings come from see `observed`, `noisy_channel` and `channels`.
"""

from __future__ import annotations

from dataclasses import dataclass
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
