"""The edits that turn one name into another: pure functions on strings.

Five operators, after Damerau (1964): substitution, deletion, insertion, transposition of neighbours,
and doubling (an insertion that repeats its neighbour, kept apart because people do it so often). This
module does not say how likely an edit is.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Operator = Literal["substitution", "deletion", "insertion", "doubling", "transposition"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: at `position` of the correct name, `before` was written as `after`."""

    operator: Operator
    position: int
    """0-based index into the correct name of the first letter concerned."""
    before: str
    after: str


def edits_between(intended: str, text: str) -> tuple[Edit, ...]:
    """The shortest list of edits that writes `intended` as `text`, left to right.

    Optimal string alignment: no substring is edited twice. Among equally short alignments
    substitution is preferred to transposition, then deletion, then insertion, from the right end.

    >>> [(e.operator, e.before, e.after) for e in edits_between("metformin", "metfromin")]
    [('transposition', 'or', 'ro')]
    >>> [(e.operator, e.position) for e in edits_between("warfarin", "warrfarn")]
    [('doubling', 2), ('deletion', 6)]
    """
    i, j = len(intended), len(text)
    # An equal end is always kept, so that no costs are needed there; an equal beginning is not.
    while i and j and intended[i - 1] == text[j - 1]:
        i, j = i - 1, j - 1
    cost = _costs(intended[:i], text[:j])
    edits: list[Edit] = []
    while i or j:
        if i and j and intended[i - 1] == text[j - 1] and cost[i][j] == cost[i - 1][j - 1]:
            i, j = i - 1, j - 1
        elif i and j and cost[i][j] == cost[i - 1][j - 1] + 1:
            i, j = i - 1, j - 1
            edits.append(Edit("substitution", i, intended[i], text[j]))
        elif _swapped(intended, text, i, j) and cost[i][j] == cost[i - 2][j - 2] + 1:
            i, j = i - 2, j - 2
            edits.append(Edit("transposition", i, intended[i : i + 2], text[j : j + 2]))
        elif i and cost[i][j] == cost[i - 1][j] + 1:
            i -= 1
            edits.append(Edit("deletion", i, intended[i], ""))
        else:
            j -= 1
            edits.append(_inserted(intended, i, text[j]))
    return tuple(reversed(edits))


def one_edit_variants(name: str) -> Iterator[tuple[str, Edit]]:
    """Every distinct string one edit away from a name, each with its edit, in a fixed order.

    Letters are inserted and substituted from a to z; the name itself never comes, and of two edits that
    give the same string (undoubling the first or the second l) only the first does.
    """
    seen = {name}
    for text, edit in _all_edits(name):
        if text not in seen:
            seen.add(text)
            yield text, edit


def _all_edits(name: str) -> Iterator[tuple[str, Edit]]:
    for i, letter in enumerate(name):
        rest = name[i + 1 :]
        yield name[:i] + rest, Edit("deletion", i, letter, "")
        if rest:
            swapped = rest[0] + letter
            yield name[:i] + swapped + rest[1:], Edit("transposition", i, letter + rest[0], swapped)
        for other in ascii_lowercase:
            yield name[:i] + other + rest, Edit("substitution", i, letter, other)
    for i in range(len(name) + 1):
        for other in ascii_lowercase:
            yield name[:i] + other + name[i:], _inserted(name, i, other)


def _inserted(name: str, position: int, letter: str) -> Edit:
    """An insertion before `position`; a doubling where the letter stands on either side already."""
    operator: Operator = (
        "doubling" if letter in name[max(0, position - 1) : position + 1] else "insertion"
    )
    return Edit(operator, position, "", letter)


def _swapped(a: str, b: str, i: int, j: int) -> bool:
    return i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]


def _costs(a: str, b: str) -> list[list[int]]:
    cost = [[i + j if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            best = min(
                cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
                cost[i - 1][j] + 1,
                cost[i][j - 1] + 1,
            )
            if _swapped(a, b, i, j):
                best = min(best, cost[i - 2][j - 2] + 1)
            cost[i][j] = best
    return cost
