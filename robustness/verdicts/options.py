"""Which option an answer chooses: exactly one, by its text or by its letter."""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

from robustness.verdicts.text import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTER_FIRST = re.compile(
    r"^\W*(?:option|choice|answer)?\W{0,3}([A-Z])(?:$|[\s).:\]*,-])", re.ASCII
)
_LETTER_NAMED = re.compile(
    r"(?i:\b(?:answer|option|choice)(?: is|:)?\s*(?:option\s*)?)\W{0,3}([A-Z])\b", re.ASCII
)


def chosen_option(answer: str, options: Sequence[str]) -> str | None:
    """The option that an answer chooses, None when that is none or more than one.

    The text decides before a letter does: "B" chooses an option that reads "B".

    Args:
        answer: What was answered.
        options: What there was to choose from.

    >>> chosen_option("The answer is (B).", ["gout", "pain"]), chosen_option("gout or pain", ["gout", "pain"])
    ('pain', None)
    """
    said = normalise(answer)
    verbatim = [option for option in options if option.strip() == answer.strip()]
    exact = verbatim or [option for option in options if said and normalise(option) == said]
    if exact:
        return exact[0]
    lettered = dict(zip(ascii_uppercase, options, strict=False))
    letter = _LETTER_FIRST.match(answer) or _LETTER_NAMED.search(answer)
    named = _named(said, options)
    if letter and letter[1] in lettered:
        option = lettered[letter[1]]
        bare = letter[1] != "A" or not answer.strip()[1:2].isspace()  # "A fever" is no letter
        if option in named or (not named and bare):
            return option
    return named[0] if len(named) == 1 else None


def _named(said: str, options: Sequence[str]) -> list[str]:
    """The options whose words an answer holds, without those within a longer one that it holds too."""
    found = [option for option in options if _within(normalise(option), said)]
    return [
        option
        for option in found
        if not any(
            other != option and _within(normalise(option), normalise(other)) for other in found
        )
    ]


def _within(part: str, text: str) -> bool:
    return bool(part) and f" {part} " in f" {text} "
