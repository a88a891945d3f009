"""A pair, what was answered and what that shows: judging is apart from asking, so answers can be judged again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from robustness.verdicts import Judgement, Verdict, is_right, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robustness.models import Answer, Prompt
    from robustness.questions import Case
    from robustness.questions.pair import Pair


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One pair, what was answered and what that shows."""

    pair: Pair
    baseline_answer: Answer | None
    """The answer to the correct name; None where the model failed."""
    answer: Answer | None
    """The answer to the misspelled name; None where the model failed."""
    judgement: Judgement


def outcome_of(pair: Pair, case: Case, answers: Mapping[Prompt, Answer]) -> Outcome:
    """Judge a pair.

    Args:
        pair: What was asked.
        case: Its misspelled case, which is written anew whenever the pair is asked for it.
        answers: Answers by prompt; a prompt that the model failed on is missing, and the pair an error.
    """
    before, after = answers.get(pair.baseline.prompt), answers.get(case.prompt)
    if before is None or after is None:
        right = before is not None and is_right(case, before.text)
        return Outcome(pair, before, after, Judgement(Verdict.ERROR, right, right=False))
    judgement = _shared(judge(case, before.text, after.text))
    return Outcome(pair, _shared(before), _shared(after), judgement)


@lru_cache(maxsize=65_536)
def _shared(value: _Value) -> _Value:
    """The same object for equal judgements, or answers: a million pairs have few different ones."""
    return value
