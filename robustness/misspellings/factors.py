"""What an edit's probability may depend on: the factors of the noisy channel, written in a tiny language.

A factor is a list of words, each of which reads one thing off an edit's context:

- ``left2 left before next after right right2``: a letter (``before`` is changed into ``after``; ``next`` is
  the second letter of a transposition; a place outside the word is the letter ``#``);
- ``left~``: whether that letter is a vowel, a consonant or the edge of a word;
- ``after=left``: whether two letters are the same, ``after@before`` whether their keys are neighbours;
- ``place``: first, second, last but one or last letter of its word, or in the middle;
- ``stem``: whether the edit falls into the stem that ends the name (``-pril``, see `stems.csv`).

Every cell of a factor (``after=left`` is yes) has a weight. Factors with few words stand in for the
ones with many where those were never seen, which is the model's back-off. This module reads factors; it
knows no weights and no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.drugs.stems import SHORTEST, load_suffixes
from robustness.misspellings.qwerty import QWERTY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

EDGE = 26
"""Code of a place that holds no letter from a to z: outside the word, a digit, a hyphen."""
LETTERS = "abcdefghijklmnopqrstuvwxyz#"
CLASSES = "vc#"
PLACES = ("middle", "first", "second", "last", "last-but-one")
OPERATORS = ("substitution", "deletion", "insertion", "transposition")
"""The operators of the channel; a doubling is an insertion with ``after=right``."""
CLASS = np.array([0 if letter in "aeiouy" else 1 for letter in LETTERS[:26]] + [2])

FACTORS: Mapping[str, tuple[str, ...]] = {
    "substitution": (
        "operator",
        "place before~ after~",
        "stem place",
        "before after",
        "before",
        "after",
        "before~ after~",
        "before@after before~ after~",
        "left before after",
        "before after right",
        "place before after",
        "left before",
        "before right",
        "left after",
        "after right",
        "left~ before~ after~ right~",
        "after=left before~ after~",
        "after=right before~ after~",
        "after=left2 before~ after~",
        "after=right2 before~ after~",
        "before=left",
        "before=right",
    ),
    "deletion": (
        "operator",
        "place",
        "stem place",
        "before",
        "left before",
        "before right",
        "left before right",
        "left~ before~ right~",
        "before=right before~",
        "before=left2",
        "before=right2",
        "place before",
        "left=right",
        "left=right2",
        "left2=right",
    ),
    "insertion": (
        "operator",
        "place",
        "stem place",
        "after",
        "left after",
        "after right",
        "left after right",
        "left~ after~ right~",
        "after=right after~",
        "after=right after",
        "after=right left~ right2~",
        "after=right after=right2",
        "after=left2",
        "after=right2",
        "after@left",
        "after@right",
        "place after",
    ),
    "transposition": (
        "operator",
        "place",
        "stem place",
        "before next",
        "left~ before~ next~ right~",
        "before@next",
        "next=left",
        "before=right",
    ),
}
"""The factors of each operator."""

NEW_WINDOWS: Mapping[str, tuple[str, ...]] = {
    "substitution": ("left2 left after", "left after right", "after right right2"),
    "deletion": ("left2 left right", "left right right2"),
    "insertion": ("left2 left after", "left after right", "after right right2"),
    "transposition": (
        "left2 left next",
        "left next before",
        "next before right",
        "before right right2",
    ),
}
"""The runs of three letters that an edit makes; `OLD_WINDOWS` has the ones that it destroys."""
OLD_WINDOWS: Mapping[str, tuple[str, ...]] = {
    "substitution": ("left2 left before", "left before right", "before right right2"),
    "deletion": ("left2 left before", "left before right", "before right right2"),
    "insertion": ("left2 left right", "left right right2"),
    "transposition": (
        "left2 left before",
        "left before next",
        "before next right",
        "next right right2",
    ),
}


_WORDS = ("left2", "left", "before", "next", "right", "right2")
"""The words that read a letter, in the order in which the letters stand in a substitution or a transposition."""
_READS: Mapping[str, tuple[int, ...]] = {
    "substitution": (0, 1, 2, 3, 3, 4),
    "deletion": (0, 1, 2, 3, 3, 4),
    "insertion": (0, 1, 2, 2, 2, 3),
    "transposition": (0, 1, 2, 3, 4, 5),
}
"""Which of the six letters around a place each of `_WORDS` reads; the third one stands in the place."""
_CLASSES, _PLACES, _STEMS = 6, 12, 15
"""First rows in `Surroundings.table` of the classes of letters, of `PLACES` and of stems."""
ROWS: Mapping[str, Mapping[str, int]] = {
    operator: {
        **dict(zip(_WORDS, reads, strict=True)),
        **{f"{word}~": _CLASSES + row for word, row in zip(_WORDS, reads, strict=True)},
        "place": _PLACES + (0, 0, 1, 2)[OPERATORS.index(operator)],
        "stem": _STEMS + (operator == "insertion"),
        "operator": _STEMS + 2,
    }
    for operator, reads in _READS.items()
}
"""The row of `Surroundings.table` that holds each word, by operator."""
_EDGES = np.array([[4.0, 8, 0, 2, 1, 0], [4, 8, 2, 1, 0, 0], [4, 8, 0, 0, 2, 1]])
"""What an edge among the six letters counts in `_PLACE_OF`, for each of the three rows of places."""
_PLACE_OF = np.array([0, 4, 3, 3, 2, 2, 2, 2] + [1] * 8)
"""Index into `PLACES` by whether left (8), left2 (4), right (2) and right2 (1) are edges."""
_CODE = np.full(128, EDGE)
_CODE[[ord(letter) for letter in LETTERS[:26] + LETTERS[:26].upper()]] = [*range(26)] * 2


def encode(name: str) -> Codes:
    """Letters of a name as codes 0 to 25, whatever their case; everything else is `EDGE`.

    >>> encode("Ab-1").tolist()
    [0, 1, 26, 26]
    """
    return _CODE.take(np.frombuffer(name.encode("ascii", "replace"), dtype=np.uint8))


def encode_all(names: Sequence[str]) -> Codes:
    """The codes of some names, one row each, filled up with `EDGE` to one place more than the longest has.

    >>> encode_all(["ab", "c"]).tolist()
    [[0, 1, 26], [2, 26, 26]]
    """
    width = max(map(len, names)) + 1
    return encode("".join([name.ljust(width) for name in names])).reshape(-1, width)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds each place of some names; a name has one place more than characters."""

    codes: Codes
    """The letters of the names, see `encode_all`."""
    table: Codes
    """One column a place, one name's places behind the other's; the rows are told by `ROWS`."""

    def context(self, operator: str) -> dict[str, Codes]:
        """Arrays of equal length by word of the factor language, one value for each place of the operator.

        ``after`` is not among them, because it is chosen, not found. Only for what surrounds one name.
        """
        extra = {"insertion": 0, "transposition": -2}.get(operator, -1)
        count = max(self.table.shape[1] + extra, 0)
        return {word: self.table[row, :count] for word, row in ROWS[operator].items()}


def surroundings(names: Sequence[str]) -> Surroundings:
    """What surrounds each place of some names; behind a shorter one are places too, where no edit is possible."""
    codes = encode_all(names)
    count, places = codes.shape
    padded = np.full((count, places + 5), EDGE)
    padded[:, 2 : places + 2] = codes
    table = np.zeros((_STEMS + 3, count, places), dtype=np.int64)
    letters = table[:_CLASSES]
    for shift in range(_CLASSES):
        letters[shift] = padded[:, shift : shift + places]
    CLASS.take(letters, out=table[_CLASSES:_PLACES], mode="clip")
    edges = _EDGES @ (letters == EDGE).reshape(_CLASSES, -1).astype(np.float64)
    _PLACE_OF.take(edges.astype(np.int64), out=table[_PLACES:_STEMS].reshape(3, -1), mode="clip")
    for row, name in enumerate(names):
        stem = stem_length(name.lower())
        if stem:
            table[_STEMS, row, len(name) - stem :] = 1
            table[_STEMS + 1, row, len(name) - stem + 1 :] = 1
    return Surroundings(codes, table.reshape(_STEMS + 3, -1))


def size(word: str) -> int:
    """How many values a word of the factor language takes."""
    if word.endswith("~"):
        return 3
    if "=" in word or "@" in word or word == "stem":
        return 2
    return {"operator": 1, "place": 5}.get(word, 27)


def read(word: str, context: Mapping[str, Codes]) -> Codes:
    """The value of a word, 0 to `size` less one, in every place of a context."""
    if word in context:
        return context[word]
    if word.endswith("~"):
        return CLASS[context[word[:-1]]]
    if "=" in word:
        one, other = word.split("=")
        return np.asarray(context[one] == context[other]).astype(np.int64)
    one, other = word.split("@")
    return _neighbours()[context[one], context[other]]


def cells(factor: str, context: Mapping[str, Codes]) -> Codes:
    """The number of the cell of a factor that every place of a context falls into."""
    number: Codes = np.zeros((), dtype=np.int64)
    for word in factor.split():
        number = number * size(word) + read(word, context)
    return number


def cell_name(factor: str, number: int) -> str:
    """How a cell is written in the fitted table, one value a word of its factor.

    >>> cell_name("left~ after=left after", 1 * 2 * 27 + 1 * 27 + 4)
    'c yes e'
    """
    values = []
    for word in reversed(factor.split()):
        number, value = divmod(number, size(word))
        values.append(_values(word)[value])
    return " ".join(reversed(values))


def cell_number(factor: str, name: str) -> int:
    """The inverse of `cell_name`.

    Raises:
        ValueError: A value that its word does not take, or too few or many of them.
    """
    number = 0
    for word, value in zip(factor.split(), name.split(" "), strict=True):
        number = number * size(word) + _values(word).index(value)
    return number


def stem_length(name: str) -> int:
    """Letters in the longest known stem, of three or more, that ends a name; 0 without one.

    >>> stem_length("lisinopril")
    4
    """
    stems, ends, longest = _stems()
    if name[-SHORTEST:] not in ends:
        return 0
    found = (name[start:] for start in range(max(len(name) - longest, 0), len(name)))
    return next((len(end) for end in found if end in stems), 0)


@cache
def _stems() -> tuple[frozenset[str], frozenset[str], int]:
    """The stems, the last letters of each, and the length of the longest one."""
    stems = frozenset(load_suffixes())
    ends = frozenset(stem[-SHORTEST:] for stem in stems)
    return stems, ends, max(map(len, stems), default=0)


def _values(word: str) -> tuple[str, ...]:
    if word == "operator":
        return ("any",)
    if word == "place":
        return PLACES
    return {2: ("no", "yes"), 3: tuple(CLASSES), 27: tuple(LETTERS)}[size(word)]


@cache
def _neighbours() -> Codes:
    """Whether two letters' keys touch on a QWERTY keyboard, by code; a key is no neighbour of itself."""
    table = np.zeros((27, 27), dtype=np.int64)
    keys = {
        letter: (line, place + line / 2)
        for line, letters in enumerate(QWERTY)
        for place, letter in enumerate(letters)
    }
    for one, (line, place) in keys.items():
        for other, (line2, place2) in keys.items():
            near = abs(line - line2) <= 1 and abs(place - place2) <= 1
            table[LETTERS.index(one), LETTERS.index(other)] = near and one != other
    return table
