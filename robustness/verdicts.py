"""Compare two answers, without a judge model: the same two texts always get the same verdict.

Answers are normalised as in SQuAD (Rajpurkar et al. 2016: case, articles, punctuation, white space) after
Unicode compatibility folding. Two answers are the same when they are equal so, or when their token-level
F1 is at least `SAME_F1` and they hold the same numbers. A number that differs is always a mismatch.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robustness.questions import Case

SAME_F1 = 0.8
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


class Verdict(StrEnum):
    """What a pair shows."""

    CONSISTENT = "consistent"
    """The answer held, right or wrong."""
    WRONG_DRUG = "wrong_drug"
    """The answer became one that the leaflet gives for another drug."""
    WRONG_ANSWER = "wrong_answer"
    """The answer became another one, and not the right one."""
    RECOVERED = "recovered"
    """Wrong with the correct name, right with the misspelling."""
    ABSTAINED = "abstained"
    """With the misspelling the model gave no answer."""
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


def judge(case: Case, baseline: str, answer: str) -> Judgement:
    """The verdict on one pair.

    Args:
        case: The misspelled case; its leaflet and gold answer are also the baseline's.
        baseline: The answer to the correct name.
        answer: The answer to the misspelled name.
    """
    baseline_right, right = same(baseline, case.gold), same(answer, case.gold)
    if same(answer, baseline):
        return Judgement(Verdict.CONSISTENT, baseline_right, right)
    if right:
        verdict = Verdict.RECOVERED
    elif not normalise(answer):
        verdict = Verdict.ABSTAINED
    elif other := drug_of(case, answer):
        return Judgement(Verdict.WRONG_DRUG, baseline_right, right, other)
    else:
        verdict = Verdict.WRONG_ANSWER
    return Judgement(verdict, baseline_right, right)


def drug_of(case: Case, answer: str) -> str:
    """The other drug of the leaflet whose fact an answer is; the empty string when it is none.

    The kind of fact that was asked about is looked at first: where two drugs share a value, the one that
    states it as an answer to this question is meant.
    """
    facts = sorted(case.leaflet.facts, key=lambda fact: fact.relation != case.relation)
    return next(
        (fact.drug for fact in facts if fact.drug != case.drug and same(answer, fact.value)), ""
    )


def same(a: str, b: str) -> bool:
    """Whether two answers say the same.

    >>> same("the type 2 diabetes mellitus.", "Type 2 diabetes mellitus")
    True
    >>> same("10 mg once daily", "100 mg once daily")
    False
    """
    tokens_a, tokens_b = normalise(a).split(), normalise(b).split()
    if tokens_a == tokens_b:
        return True
    return _numbers(a) == _numbers(b) and token_f1(tokens_a, tokens_b) >= SAME_F1


def token_f1(a: list[str], b: list[str]) -> float:
    """Token-level F1 of two answers (Rajpurkar et al. 2016), 0 to 1.

    >>> token_f1(["high", "blood", "pressure"], ["blood", "pressure"])
    0.8
    """
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b)) if shared else 0.0


def normalise(text: str) -> str:
    """An answer as it is compared: folded, without articles and punctuation.

    >>> normalise("The  Heparin-induced thrombocytopenia!")
    'heparin induced thrombocytopenia'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char if char.isalnum() or char == "." else " " for char in folded)
    spaced = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", letters)
    return " ".join(_ARTICLES.sub(" ", spaced).split())


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBERS.findall(unicodedata.normalize("NFKC", text)))
