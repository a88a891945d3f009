"""How two edits of a name stand to each other: the gap between them, and which flags hold for them.

A situation is one number that tells both. It depends on little, what each edit does to which letter, the
gap, and whether the right one is at the end, so that it is looked up in a table of all cases that differ; only
edits that undo each other elsewhere, and the same letter written twice, are compared one by one. This module
knows no weights and no probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE, LETTERS
from robustness.misspellings.numbering import (
    AFTER,
    DELETION,
    INSERTION,
    OPERATOR,
    SUBSTITUTION,
    TAKEN,
    split,
)
from robustness.misspellings.pairs import LIQUIDS, SOUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid

GAPS = ("touching", "1 apart", "2 apart", "3 apart", "farther")
"""How many characters lie between the edits."""
FLAGS = (
    "multi-letter",
    "letters swapped",
    "letter moved",
    "liquid moved",
    "last two dropped",
    "sound",
    "same letter written",
    "i and y",
    "final e dropped",
)
_BITS = {flag: len(GAPS) << k for k, flag in enumerate(FLAGS)}
"""What each flag adds to the number of a situation, which is that of its gap without flags."""
_SITUATIONS = np.arange(len(GAPS) << len(FLAGS))
GAP_OF = np.eye(len(GAPS))[_SITUATIONS % len(GAPS)]
"""By situation: 1.0 for its gap; shape (situations, gaps)."""
FLAGS_OF = (_SITUATIONS[:, None] // [*_BITS.values()] % 2).astype(np.float64)
"""By situation: 1.0 where a flag holds; shape (situations, flags)."""


def situations(grid: EditGrid, pairs: Codes) -> Codes:
    """The situation of each of some pairs.

    Args:
        grid: The edits of the names.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
    """
    places, columns = split(pairs)
    left, right = columns * 27 + grid.codes.take(places)
    gap = np.minimum(places[1] - places[0] - TAKEN.take(columns[0]), len(GAPS) - 1)
    at_end = _last(grid).take(places[1])
    situation = _CASES.take(_LEFT.take(left) + _RIGHT.take(right) + gap * 2 + at_end)
    situation += (columns[0] == columns[1]) * _TWICE.take(columns[0])
    undone = (_REVERSE.take(left) == _WHAT.take(right)).nonzero()[0]
    situation[undone] += _UNDONE.take(left[undone])
    return np.asarray(situation)


def _last(grid: EditGrid) -> NDArray[np.bool_]:
    """By place: whether it is that of the last character of a name."""
    last = np.zeros(grid.codes.shape, dtype=bool)
    last[np.arange(len(last)), grid.counts - 1] = True
    return last


def _reverses() -> Codes:
    """By operator, letter found and letter written the number of the reverse of an edit, else -1."""
    reverse = np.full((4, 27, 27), -1)
    number = np.arange(reverse.size).reshape(reverse.shape)
    reverse[SUBSTITUTION] = number[SUBSTITUTION].T
    reverse[DELETION, :EDGE, EDGE] = number[INSERTION, EDGE, :EDGE]
    reverse[INSERTION, EDGE, :EDGE] = number[DELETION, :EDGE, EDGE]
    return reverse


# By what an edit does to which letter: its column and the letter in its place. An insertion finds none.
_COLUMN, _FOUND = (indices.ravel() for indices in np.indices((len(OPERATOR), 27)))
_OPERATOR, _AFTER = OPERATOR[_COLUMN], AFTER[_COLUMN]
_BEFORE = np.where(_OPERATOR == INSERTION, EDGE, _FOUND)
_WHAT = (_OPERATOR * 27 + _BEFORE) * 27 + _AFTER
_REVERSE = _reverses()[_OPERATOR, _BEFORE, _AFTER]
_UNDONE = _BITS["multi-letter"] + np.where(
    _OPERATOR == SUBSTITUTION,
    _BITS["letters swapped"],
    _BITS["letter moved"] + np.isin(np.minimum(_BEFORE, _AFTER), LIQUIDS) * _BITS["liquid moved"],
)
"""What holds where the right edit is the reverse of the left one."""
_TWICE = (OPERATOR == SUBSTITUTION) * _BITS["same letter written"]
"""By column: what holds where both edits do this."""

_FIRST, _SECOND, _ONE = np.array(SOUNDS).T
_SOUND = np.zeros((27, 27, 27), dtype=bool)
_SOUND[_FIRST, _SECOND, _ONE] = True
_I, _Y, _E = (LETTERS.index(letter) for letter in "iye")


def _changes(before: Codes, after: Codes) -> NDArray[np.bool_]:
    """Which edits change one of some letters into the one that stands in the same place."""
    same = (_BEFORE[:, None] == before) & (_AFTER[:, None] == after)
    return np.asarray(same.any(axis=1))


_I_AND_Y = _changes(np.array([_I, _Y]), np.array([_Y, _I]))
_FINAL_E = (_OPERATOR == DELETION) & (_BEFORE == _E)
_MATTERS = (
    _changes(_FIRST, _ONE)
    | _changes(_ONE, _SECOND)
    | _changes(np.append(_SECOND, _E), np.array(EDGE))
    | _changes(np.array(EDGE), _FIRST)
    | _I_AND_Y
)
"""Where the letters matter and not the operator alone."""
_, _EXAMPLE, _CLASS = np.unique(
    np.where(_MATTERS, _WHAT, -1 - _OPERATOR), return_index=True, return_inverse=True
)
"""Edits that never make a difference are of one class; an edit of each class."""


def _cases() -> Codes:
    """By classes of the left and the right edit, gap, and whether the right one is at the end: the situation."""
    left, right = _EXAMPLE[:, None, None, None], _EXAMPLE[:, None, None]
    gap, last = np.arange(len(GAPS))[:, None], np.array([False, True])
    touching = gap == 0
    dropped = (_OPERATOR[left] == DELETION) & (_OPERATOR[right] == DELETION) & touching
    joined = _SOUND[_BEFORE[left], _BEFORE[right], _AFTER[left]] & (_AFTER[right] == EDGE)
    parted = _SOUND[_AFTER[left], _AFTER[right], _BEFORE[right]] & (_BEFORE[left] == EDGE)
    sound = (joined | parted) & touching
    flags = {
        "multi-letter": dropped | sound,
        "last two dropped": dropped & last,
        "sound": sound,
        "i and y": _I_AND_Y[left] | _I_AND_Y[right],
        "final e dropped": _FINAL_E[right] & last,
    }
    cases = gap
    for flag, holds in flags.items():
        cases = cases + holds * _BITS[flag]
    return np.broadcast_to(cases, (len(_EXAMPLE), len(_EXAMPLE), len(GAPS), 2)).ravel()


_CASES = _cases()
_RIGHT = _CLASS * len(GAPS) * 2
_LEFT = _RIGHT * len(_EXAMPLE)
