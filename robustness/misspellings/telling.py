"""What the edits of some keys are in words: the texts that they make of a name, their operators and the edits.

A hundred are told a name, so that nothing here is looked up in large tables, and edits, which never change, are
made once and shared by all names. This module works in lower case and knows no probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.edits import Edit
from robustness.misspellings.factors import LETTERS
from robustness.misspellings.numbering import DROP, INSERT, SWAP, WIDTH, split

if TYPE_CHECKING:
    from robustness.misspellings.edits import Operator
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid

    Told = tuple[int, str, int, str, tuple[Edit]]
    """Of an edit: where it begins, what is written, where the name goes on, its operator, and the edit alone."""

_KEPT = 32
"""Edits at the first so many places of a name are kept."""


def _kind(column: int, found: str) -> tuple[Operator, str, str]:
    if column < DROP:
        return "substitution", found, LETTERS[column]
    if column == DROP:
        return "deletion", found, ""
    after = LETTERS[column - INSERT]
    return "doubling" if found == after else "insertion", "", after


_KINDS = [_kind(column, found) for column in range(SWAP) for found in LETTERS]
"""Operator, what is found and what is written, by column and letter found; of all but transpositions."""


class _Edits(dict[int, "Told"]):
    """Edits by key, made when they are first asked for."""

    def __missing__(self, key: int) -> Told:
        kind, behind = divmod(key, 27)
        at, kind = divmod(kind, WIDTH * 27)
        if kind < len(_KINDS):
            edit = Edit(_KINDS[kind][0], at, *_KINDS[kind][1:])
        else:
            before = LETTERS[kind % 27] + LETTERS[behind]
            edit = Edit("transposition", at, before, before[::-1])
        told = (at, edit.after, at + len(edit.before), edit.operator, (edit,))
        if at < _KEPT:
            self[key] = told
        return told


_EDITS = _Edits()


def keys(grid: EditGrid, numbers: Codes) -> Codes:
    """What edits of the names of a grid do, whatever the name: place, column, the letter there and the next one.

    Args:
        grid: The edits of some names.
        numbers: The numbers of some of them, see `numbering`.
    """
    places, columns = split(numbers)
    letters = grid.codes.ravel()
    made = (numbers % grid.edits * 27 + letters.take(places)) * 27
    # For all but transpositions the next letter does not matter.
    made += (columns == SWAP) * letters.take(places + 1, mode="clip")
    return np.asarray(made)


def texts_of(name: str, grid: EditGrid, one: Codes, other: Codes | None = None) -> list[str]:
    """What edits, or pairs of edits, make of a name in lower case.

    Args:
        name: The name.
        grid: Its edits, and those of no other name.
        one: Numbers of edits, see `numbering`; the left ones where there are pairs.
        other: Numbers of the right ones.

    Raises:
        ValueError: The grid has the edits of several names.
    """
    if len(grid.codes) != 1:
        raise ValueError("the edits of several names")
    right = one[:0] if other is None else other
    return tell(name, keys(grid, one), keys(grid, right), [*range(len(right))])[0]


def tell(
    name: str, one: Codes, other: Codes, double: list[int]
) -> tuple[list[str], list[str], list[tuple[Edit, ...]]]:
    """Texts, operators and edits of some misspellings.

    Args:
        name: The name in lower case.
        one: Keys of their edits, the left ones of those with two.
        other: Keys of the right ones.
        double: The rows of the misspellings with two edits.
    """
    heads = [name[:at] for at in range(len(name) + 1)]
    tails = [name[at:] for at in range(len(name) + 1)]
    edit_of = _EDITS
    left = [edit_of[key] for key in one.tolist()]
    right = [edit_of[key] for key in other.tolist()]
    texts = [heads[at] + after + tails[end] for at, after, end, _, _ in left]
    operators = [operator for _, _, _, operator, _ in left]
    edits: list[tuple[Edit, ...]] = [edit for _, _, _, _, edit in left]
    for row, (start, text, stop, operator, edit) in zip(double, right, strict=True):
        at, after, end, _, _ = left[row]
        texts[row] = f"{heads[at]}{after}{name[end:start]}{text}{tails[stop]}"
        operators[row] = f"{operators[row]}+{operator}"
        edits[row] += edit
    return texts, operators, edits
