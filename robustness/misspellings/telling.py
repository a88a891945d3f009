"""What the edits of some numbers are in words: the texts that they make of a name, their operators and the edits.

A hundred are told a name, so that nothing here is looked up in large tables or made twice. This module works
in lower case and knows no probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.misspellings.edits import Edit
from robustness.misspellings.factors import LETTERS
from robustness.misspellings.numbering import DROP, INSERT, SWAP, split

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes

_SWAPS = SWAP * 27
"""The first of the numbers that `_edits` gives to what an edit does to which letter, of transpositions."""


def _kind(column: int, found: str) -> tuple[str, str, str]:
    if column < DROP:
        return "substitution", found, LETTERS[column]
    if column == DROP:
        return "deletion", found, ""
    after = LETTERS[column - INSERT]
    return "doubling" if found == after else "insertion", "", after


_KINDS = [_kind(column, found) for column in range(SWAP) for found in LETTERS]
"""Operator, what is found and what is written, by column and letter found."""


def tell(
    name: str, codes: Codes, one: Codes, other: Codes, double: list[int]
) -> tuple[list[str], list[str], list[tuple[Edit, ...]]]:
    """Texts, operators and edits of some misspellings.

    Args:
        name: The name in lower case.
        codes: Its letters, see `factors.encode`.
        one: Numbers of their edits, the left ones of those with two.
        other: Numbers of the right ones.
        double: The rows of the misspellings with two edits.
    """
    made = _edits(name, codes, np.concatenate([one, other]))
    left = made[: len(one)]
    heads = [name[:at] for at in range(len(name) + 1)]
    tails = [name[at:] for at in range(len(name) + 1)]
    texts = [heads[e.position] + e.after + tails[e.position + len(e.before)] for e in left]
    operators: list[str] = [edit.operator for edit in left]
    edits: list[tuple[Edit, ...]] = [(edit,) for edit in left]
    for row, right in zip(double, made[len(one) :], strict=True):
        edit, start, end = left[row], right.position, right.position + len(right.before)
        between = name[edit.position + len(edit.before) : start]
        texts[row] = f"{heads[edit.position]}{edit.after}{between}{right.after}{tails[end]}"
        operators[row] = f"{edit.operator}+{right.operator}"
        edits[row] = (edit, right)
    return texts, operators, edits


class _Draft:
    """An edit that can still be written to; see `misspelling.noisy_misspellings`."""

    __slots__ = ("after", "before", "operator", "position")


def _edits(name: str, codes: Codes, numbers: Codes) -> list[Edit]:
    """The edits of some numbers."""
    places, columns = split(numbers)
    # Behind the last letter this finds the last one, which is not written there: that would be another edit.
    kinds = columns * 27 + codes.take(places, mode="clip")
    made: list[Any] = []
    for at, kind in zip(places.tolist(), kinds.tolist(), strict=True):
        edit: Any = _Draft()
        edit.position = at
        if kind < _SWAPS:
            edit.operator, edit.before, edit.after = _KINDS[kind]
        else:
            edit.operator = "transposition"
            edit.before = name[at : at + 2]
            edit.after = name[at + 1] + name[at]
        edit.__class__ = Edit
        made.append(edit)
    return made
