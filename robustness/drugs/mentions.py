"""Find drug names in a text: exact search for every known name at once, in any case.

One pass of an Aho-Corasick automaton (Aho and Corasick 1975) over all names. A mention is a whole word;
where mentions overlap, the one that begins first counts, and of those the longest ("insulin glargine", not
"insulin"). Hyphens and spaces of other kinds count as plain ones. Misspelled names are not found here, and
nothing is said about what a mention means.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import ahocorasick

from robustness.drugs.known_names import load_known_names

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERYDAY = frozenset(
    [
        "alcohol",
        "barium",
        "camila",
        "cellulose",
        "copper",
        "ella",
        "errin",
        "ferric",
        "gallium",
        "heather",
        "iodide",
        "nikita",
        "sulfur",
        "sulla",
        "talc",
        "urea",
        "zinc",
    ]
)
"""Names that mostly are no drugs in a text: first names, elements, what a laboratory measures.

They are never found. The list is this project's own judgement, made by reading which known names are
English words.
"""
CAPITALISED = frozenset(
    [
        "amen",
        "cambia",
        "dial",
        "emend",
        "intermezzo",
        "muse",
        "sojourn",
        "sonata",
        "soma",
        "thrive",
        "today",
        "versed",
    ]
)
"""Brands that are ordinary words: found only with a capital that does not begin a sentence."""

_HYPHENS = (*range(0x2010, 0x2016), 0x2212)
_PLAIN = dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(map(ord, "\t\n\r\v\f"), " ")


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug name in a text."""

    start: int
    """Character offset of its first letter."""
    end: int
    """Where it ends, exclusive."""
    name: str
    """The known name, as the table writes it; the text may have other case and other hyphens."""


class NameFinder:
    """Finds names in texts.

    Args:
        names: What to look for, in lower case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for name in names:
            if name not in EVERYDAY:
                self._automaton.add_word(_folded(name), name)
        self._automaton.make_automaton()

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions in a text, from left to right, none within another.

        >>> finder = NameFinder(["insulin", "insulin glargine", "metformin"])
        >>> [m.name for m in finder.find("Metformin, INSULIN GLARGINE or non-insulin? Metforminx.")]
        ['metformin', 'insulin glargine', 'insulin']
        """
        if not len(self._automaton):
            return ()
        folded = _folded(text)
        found = []
        for last, name in self._automaton.iter(folded):
            start, end = last - len(name) + 1, last + 1
            if _is_word(folded, start, end) and not _is_ordinary(text, start, name):
                found.append(Mention(start, end, name))
        found.sort(key=lambda mention: (mention.start, -mention.end))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return tuple(kept)


@cache
def load_finder() -> NameFinder:
    """The finder of all shipped names."""
    return NameFinder(load_known_names().names)


def _folded(text: str) -> str:
    """A text for comparing, character by character, so that offsets stay."""
    if text.isascii():
        return text.translate(_PLAIN).lower()
    return "".join(map(_folded_character, text.translate(_PLAIN)))


def _folded_character(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum() or (after and unicodedata.combining(after)))


def _is_ordinary(text: str, start: int, name: str) -> bool:
    if name not in CAPITALISED:
        return False
    before = text[:start].rstrip(" \"'([\u201c\u2018")
    return not text[start].isupper() or not before or before[-1] in ".!?:;\n"
