"""What a pair can show, and a judgement with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a pair shows."""

    CONSISTENT = "consistent"
    """The answer held, right or wrong."""
    WRONG_DRUG = "wrong_drug"
    """The answer became one that belongs to another drug, or names one."""
    WRONG_ANSWER = "wrong_answer"
    """The answer became another one, and not the right one."""
    RECOVERED = "recovered"
    """Wrong with the correct name, right with the misspelling."""
    ABSTAINED = "abstained"
    """With the misspelling the model gave no answer: it refused or asked back."""
    NONDETERMINISTIC = "nondeterministic"
    """The same prompt got two answers, so nothing can be said."""
    ERROR = "error"
    """The model failed; neither a pass nor a failure."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and what it rests on."""

    verdict: Verdict
    baseline_right: bool
    """Whether the answer to the correct name is the gold answer."""
    right: bool
    """Whether the answer to the misspelled name is the gold answer."""
    answered_for: str = ""
    """The drug whose fact was given instead; empty unless the verdict is ``wrong_drug``."""
