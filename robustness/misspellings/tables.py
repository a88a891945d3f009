"""The weights of all factors, added up beforehand so that few look-ups score all edits of a name.

Factors that read the same letters share a table. Tables that depend on the letter written are wide: one
row has a column for every edit of a place (see `numbering`), so that a row holds what the letters around
say of all of them. The others are narrow: one number, which counts for all edits of an operator. The runs of
three letters that an edit makes or destroys are narrow too and share the one table of trigrams; only the new
ones that hold the letter written are wide. This module knows no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import (
    EDGE,
    FACTORS,
    NEW_WINDOWS,
    OLD_WINDOWS,
    OPERATORS,
    ROWS,
    cells,
    size,
)
from robustness.misspellings.numbering import COLUMNS, OPERATOR, WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes

    Scores = NDArray[np.float64]
    Groups = dict[tuple[str, ...], Scores]
    Reads = tuple[int, ...]
    """Rows of `factors.Surroundings.table`."""

WITH_AFTER = ("substitution", "insertion")
"""The operators that write a letter."""
IMPOSSIBLE = -1e9
"""Added to the score of an edit that changes nothing, or makes what an edit before it makes."""
_SIZES = {row: size(word) for rows in ROWS.values() for word, row in rows.items()}
"""How many values each row of `factors.Surroundings.table` takes."""
_ONE, _OTHER = np.indices((27, 27))
_SAME = _ONE == _OTHER
_ROUND = 1.5 * 2.0**14
"""Added and taken away again, it rounds to 2**-38, since no number of its size has a finer last bit."""
FORBIDDEN: Mapping[str, Mapping[str, NDArray[np.bool_]]] = {
    "substitution": {"before after": _SAME | (_ONE == EDGE)},
    "deletion": {"left before": _SAME | (_OTHER == EDGE)},
    "insertion": {"left after": _SAME, "left right": _SAME & (_ONE == EDGE)},
    "transposition": {"before next": _SAME | (_ONE == EDGE) | (_OTHER == EDGE)},
}
"""Which letters make an edit impossible. Of edits that make the same text the leftmost counts: of a double
letter the first is dropped, and a letter is doubled in front of itself."""


@dataclass(frozen=True, slots=True)
class EditTables:
    """Tables below each other, with what it takes to find a place's row in each."""

    strides: Scores
    """How far one more of each value around a place moves in each table, wide ones first; whole numbers, which are
    multiplied sooner this way."""
    offsets: Codes
    """First row of each table; shape (tables, 1)."""
    wide: Scores
    """Rows of the wide tables; shape (rows, WIDTH)."""
    narrow: Scores
    """Entries of the narrow tables."""
    shares: Scores
    """How much each narrow table counts for each operator; shape (narrow tables, 1, operators)."""

    def scores(self, around: Codes) -> Scores:
        """The scores of all edits of some names, by number.

        Args:
            around: What surrounds its places, see `factors.Surroundings.table`.
        """
        rows = (self.strides @ around.astype(np.float64)).astype(np.int64)
        rows += self.offsets
        split = len(rows) - len(self.shares)
        scores = np.add.reduce(self.wide.take(rows[:split], axis=0), axis=0)
        # Added up table by table, so that what other names are there changes nothing, not even by rounding.
        narrow = np.add.reduce(self.narrow.take(rows[split:])[:, :, None] * self.shares, axis=0)
        scores += narrow.take(OPERATOR, axis=1)
        # Equal edits of one name are now equal to the last bit, so that ties are ranked from left to right.
        return rounded(scores).ravel()


def rounded(values: Scores) -> Scores:
    """The nearest multiples of 2**-38 of values less than 8,192 from zero.

    >>> rounded(np.array([0.1])).tolist() == [round(0.1 * 2**38) / 2**38]
    True
    """
    return np.asarray((values + _ROUND) - _ROUND)


def build_tables(
    weights: Mapping[str, Mapping[str, Scores]], fluency: Mapping[str, float], trigrams: Scores
) -> EditTables:
    """The tables of a `scoring.EditScorer`; the arguments are its fields."""
    wide: dict[Reads, Scores] = {}
    runs = _runs(fluency)
    narrow = [(reads, trigrams.ravel(), shares) for reads, shares in runs.items()]
    for operator in OPERATORS:
        for axes, table in _grouped(_addends(operator, weights, fluency, trigrams)).items():
            reads = tuple(ROWS[operator][word] for word in axes if word != "after")
            if "after" in axes:
                home = wide.setdefault(reads, np.zeros((len(table), WIDTH)))
                home[:, COLUMNS[operator]] += table
            else:
                narrow.append((reads, table[:, 0], _share(operator, 1.0)))
    # The tables of trigrams are one and the same, which comes first.
    tables = [trigrams.ravel(), *(table for _, table, _ in narrow[len(runs) :])]
    starts = [*_starts(wide.values()), *[0] * len(runs), *_starts(tables)[1:]]
    return EditTables(
        np.array([_strides(reads) for reads in (*wide, *(reads for reads, _, _ in narrow))], float),
        np.array(starts)[:, None],
        np.concatenate(list(wide.values())),
        np.concatenate(tables),
        np.array([shares for _, _, shares in narrow])[:, None],
    )


def _runs(fluency: Mapping[str, float]) -> dict[Reads, Scores]:
    """By the three places that a run of letters is read in, how much it counts for each operator."""
    runs: dict[Reads, Scores] = {}
    for windows, sign in ((NEW_WINDOWS, 1.0), (OLD_WINDOWS, -1.0)):
        for operator in OPERATORS:
            for window in windows[operator]:
                if "after" not in window:
                    reads = tuple(ROWS[operator][word] for word in window.split())
                    share = _share(operator, sign * fluency.get(operator, 0.0))
                    runs[reads] = runs.get(reads, 0.0) + share
    return runs


def _share(operator: str, value: float) -> Scores:
    """A value for one operator, 0 for all others."""
    shares = np.zeros(len(OPERATORS))
    shares[OPERATORS.index(operator)] = value
    return shares


def _starts(tables: Iterable[Scores]) -> list[int]:
    """Where each of some tables begins when they stand below each other."""
    return [0, *accumulate(map(len, tables))][:-1]


def _strides(reads: Reads) -> Codes:
    """How far one more of each value around a place moves in a table that reads some of them."""
    strides = np.zeros(len(_SIZES), dtype=np.int64)
    step = 1
    for row in reversed(reads):
        strides[row] += step
        step *= _SIZES[row]
    return strides


def _addends(
    operator: str,
    weights: Mapping[str, Mapping[str, Scores]],
    fluency: Mapping[str, float],
    trigrams: Scores,
) -> list[tuple[str, Scores]]:
    """What adds up to the score of an operator's edits, but for the runs of `_runs`: factors and weights."""
    share = fluency.get(operator, 0.0)
    new = [window for window in NEW_WINDOWS[operator] if "after" in window]
    addends = [(window, share * trigrams.ravel()) for window in new]
    addends += [
        (one, np.where(forbidden.ravel(), IMPOSSIBLE, 0.0))
        for one, forbidden in FORBIDDEN[operator].items()
    ]
    known = weights[operator]
    addends += [(factor, known[factor]) for factor in FACTORS[operator] if factor in known]
    # The largest first, so that the others find a table that already holds their letters.
    return sorted(addends, key=lambda one: -prod(map(size, _axes(one[0]))))


def _grouped(addends: Iterable[tuple[str, Scores]]) -> Groups:
    """Tables by the words that they read; one row for every value of them, a column for each letter written."""
    groups: Groups = {}
    for factor, weight in addends:
        needed = _axes(factor)
        home = next((axes for axes in groups if _covers(axes, needed)), needed)
        table = _spread(factor, weight, home)
        groups[home] = groups[home] + table if home in groups else table
    return groups


def _spread(factor: str, weight: Scores, axes: tuple[str, ...]) -> Scores:
    """The weights of a factor in a table that reads certain words."""
    context = [axis for axis in axes if axis != "after"]
    width = 26 if "after" in axes else 1
    shape = [size(axis) for axis in context]
    grid = np.ogrid[tuple(slice(length) for length in (*shape, width))]
    found = dict(zip([*context, "after"], grid, strict=True))
    # The one value of this word says nothing, and no table reads it.
    added = weight[cells(factor, {**found, "operator": np.zeros((), dtype=np.int64)})]
    return np.broadcast_to(added, (*shape, width)).reshape(-1, width)


def _axes(factor: str) -> tuple[str, ...]:
    """The words that a table needs to hold a factor, `after` last: comparisons need both letters."""
    words: list[str] = []
    for word in factor.split():
        parts = word.replace("@", "=").split("=")
        words += ["after" if part == "after~" else part for part in parts if part != "operator"]
    kept = dict.fromkeys(
        word for word in words if word.rstrip("~") == word or word[:-1] not in words
    )
    return tuple(sorted(kept, key=lambda word: word == "after"))


def _covers(axes: tuple[str, ...], needed: tuple[str, ...]) -> bool:
    return all(word in axes or (word.endswith("~") and word[:-1] in axes) for word in needed)
