"""The words of a text, with where they stand, and the case that a correction takes over from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.drugs.known_names import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_WORD = re.compile(rf"[^\W_]+(?:[{_HYPHENS}][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: letters and digits, hyphens within."""

    start: int
    """Character offset of its first character."""
    end: int
    """Where it ends, exclusive."""
    text: str
    key: str
    """The form in which names are compared."""

    @property
    def is_spelled_out(self) -> bool:
        """Whether it can be a misspelled name: letters alone, and no short form in capitals."""
        letters = self.key.isalpha() and self.key.isascii()
        return letters and not (self.text.isupper() and len(self.text) <= LONGEST_SHORT_FORM)

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands between its hyphens, in lower case."""
        return tuple(part.lower() for part in _PART.findall(self.text))


LONGEST_SHORT_FORM = 5
"""Words in capitals of at most so many letters are short forms (HCTZ, NSAID)."""


def tokens(text: str) -> Iterator[Token]:
    """The words of a text from left to right.

    >>> [token.text for token in tokens("Is co-trimoxazole 5mg Bob's?")]
    ['Is', 'co-trimoxazole', '5mg', 'Bob', 's']
    """
    for match in _WORD.finditer(text):
        yield Token(match.start(), match.end(), match[0], normalise(match[0]))


def in_case_of(name: str, written: str) -> str:
    """A name in the case in which something else was written.

    >>> in_case_of("metformin", "METFOMIN"), in_case_of("toprol-xl", "Toprul")
    ('METFORMIN', 'Toprol-xl')
    """
    if written.isupper() and len(written) > 1:
        return name.upper()
    if written[:1].isupper():
        return name[:1].upper() + name[1:]
    return name
