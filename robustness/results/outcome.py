"""A pair, what was answered and what that shows. This module does not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robustness.models import Answer
    from robustness.questions.pair import Pair
    from robustness.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Outcome:
    """One pair, what was answered and what that shows."""

    pair: Pair
    baseline_answer: Answer | None
    """The answer to the correct name; None where the model failed."""
    answer: Answer | None
    """The answer to the misspelled name; None where the model failed."""
    judgement: Judgement
