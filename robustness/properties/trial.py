"""A trial: one thing that a property looks at once; an outcome: what it showed; a request: what to try.

This module holds data and nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from robustness.drugs import Drug
    from robustness.errors import PropertyViolation
    from robustness.models import Prompt

DEFAULT_BUDGET = 2000


@dataclass(frozen=True, slots=True)
class Request:
    """What a property is to be tried on; equal requests give equal trials."""

    seed: int = 0
    """Decides leaflets, phrasings, and which trials are made."""
    budget: int = DEFAULT_BUDGET
    """Largest number of trials, at least 1."""
    drugs: tuple[Drug, ...] | None = None
    """The drugs to try; None for all of the table."""
    kind: str = ""
    """Kind of model. One that chooses is asked closed-book questions, every other one over leaflets."""


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """How plain a trial is; counterexamples are shown, and shrunk to, the smallest first."""

    edits: int = 0
    """Fewest edits come first."""
    plainness: int = 0
    """Then the plainest operator, see `robustness.properties.size`."""
    rarity: float = 0.0
    """Then the most probable spelling: minus its reports, or 1 - probability where nobody typed it."""
    drug: int = 0
    """Then the commonest drug, by its place in that order."""
    text: str = ""
    """Then the alphabet, so that no two differ by chance."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that a property looks at once."""

    id: str
    """12 hex digits made from what is asked, the same on every machine and for every model."""
    drug: str
    """Generic name of the drug that it is about; the cluster that intervals respect."""
    label: str
    """What is tried, in a few words: ``metformin written metfromin``."""
    prompts: tuple[Prompt, ...] = ()
    """What the model is asked; empty where only its tokenizer is looked at."""
    size: Size = Size()
    data: Any = None
    """What the property needs to judge the answers."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial showed: the property held, was violated, or nothing could be said."""

    trial: Trial
    violation: PropertyViolation | None = None
    error: str = ""
    """Why there is no answer; such a trial is neither a pass nor a failure."""
    answers: tuple[str, ...] = ()
    """What the model said to the prompts, as far as it did."""

    @property
    def holds(self) -> bool:
        """Whether the property held."""
        return self.violation is None and not self.error


def trial_id(*parts: str) -> str:
    """12 hex digits made from some texts.

    >>> trial_id("offsets", "metformin")
    'a6a623fd806e'
    """
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
