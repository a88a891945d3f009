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

from functools import cache
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from robustness.drugs.stems import SHORTEST, load_suffixes
from robustness.misspellings.letters import QWERTY

if TYPE_CHECKING:
    from collections.abc import Mapping

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


_LETTER_WORDS = ("left2", "left", "before", "next", "right", "right2")
"""The words that read a letter, in the order in which the letters stand in a substitution or a transposition."""
_READS: Mapping[str, tuple[int, ...]] = {
    "substitution": (0, 1, 2, 3, 3, 4),
    "deletion": (0, 1, 2, 3, 3, 4),
    "insertion": (0, 1, 2, 2, 2, 3),
    "transposition": (0, 1, 2, 3, 4, 5),
}
"""Which of the six letters around a place each of these words reads; the third one stands in the place."""
_CODE = np.full(128, EDGE)
_CODE[[ord(letter) for letter in LETTERS[:26] + LETTERS[:26].upper()]] = [*range(26)] * 2


def encode(name: str) -> Codes:
    """Letters of a name as codes 0 to 25, whatever their case; everything else is `EDGE`.

    >>> encode("Ab-1").tolist()
    [0, 1, 26, 26]
    """
    return _CODE.take(np.frombuffer(name.encode("ascii", "replace"), dtype=np.uint8))


class Context(dict[str, "Codes"]):
    """What surrounds the places of a name: an array by word, shape (places, 1); ``after`` has shape (1, 26).

    Words that are made of others (``left~``, ``after=left``) are worked out when they are first read.
    """

    def __missing__(self, word: str) -> Codes:
        if word.endswith("~"):
            value = CLASS.take(self[word[:-1]])
        elif "=" in word:
            one, other = word.split("=")
            value = (self[one] == self[other]).astype(np.int64)
        else:
            one, other = word.split("@")
            value = _neighbours()[self[one], self[other]]
        self[word] = value
        return value


def contexts(name: str) -> dict[str, Context]:
    """What surrounds each place of a name, by operator; a name has one place more than characters."""
    places = len(name) + 1
    padded = np.full((places + 5, 1), EDGE)
    padded[2 : places + 1, 0] = encode(name)
    letters = [padded[shift : shift + places] for shift in range(6)]
    stem_start = len(name) - stem_length(name.lower())
    found = {}
    for operator, reads in _READS.items():
        context = Context(
            {word: letters[k] for word, k in zip(_LETTER_WORDS, reads, strict=True)},
            after=np.arange(26)[None],
            operator=np.zeros((1, 1), dtype=np.int64),
        )
        context["place"] = _place(context)
        first = stem_start + (operator == "insertion")
        context["stem"] = (np.arange(places) >= first).astype(np.int64)[:, None]
        found[operator] = context
    return found


def _place(context: Context) -> Codes:
    """Indices into `PLACES`; of a short word, the first that holds counts."""
    place = np.where(context["right2"] == EDGE, PLACES.index("last-but-one"), 0)
    for side, name in (("right", "last"), ("left2", "second"), ("left", "first")):
        place = np.where(context[side] == EDGE, PLACES.index(name), place)
    return place


@cache
def size(word: str) -> int:
    """How many values a word of the factor language takes."""
    if word.endswith("~"):
        return 3
    if "=" in word or "@" in word or word == "stem":
        return 2
    return {"operator": 1, "place": 5}.get(word, 27)


def length(factor: str) -> int:
    """How many cells a factor has."""
    return prod(size(word) for word in factor.split())


@cache
def first_cells(operator: str) -> Codes:
    """Where the cells of each factor begin in one long row of those of an operator, and how long it is."""
    return np.cumsum([0, *map(length, FACTORS[operator])])


def operator_cells(operator: str, context: Context) -> Codes:
    """The cell of each factor that an edit falls into, in one long row; shape (factors, places, columns)."""
    return cells(FACTORS[operator], context) + first_cells(operator)[:-1, None, None]


def cells(factors: tuple[str, ...], context: Context) -> Codes:
    """The cell of each factor that an edit falls into, from 0; shape (factors, places, columns).

    A cell's number has a digit for each word, so that the numbers are strides times values of words.
    """
    words, strides = _strides(factors)
    places, columns = len(context["left"]), context["after"].shape[1] if "after" in words else 1
    values = np.empty((len(words), places, columns))
    for row, word in enumerate(words):
        values[row] = context[word]
    numbers = strides @ values.reshape(len(words), -1)
    return numbers.astype(np.int64).reshape(-1, places, columns)


@cache
def _strides(factors: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The words of some factors, and how much one more of each counts in each factor's cells."""
    words = tuple(dict.fromkeys(word for factor in factors for word in factor.split()))
    strides = np.zeros((len(factors), len(words)))
    for row, factor in enumerate(factors):
        step = 1
        for word in reversed(factor.split()):
            strides[row, words.index(word)] = step
            step *= size(word)
    return words, strides


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
