"""How likely each single edit of a name is.

A log-linear model over everything that one edit can make of a name (Kernighan, Church and Gale 1990,
with the conditioning of a maximum-entropy model, Berger et al. 1996): the score of an edit is the sum of
the weights of its `factors` and of how much more like a drug name, by runs of three letters, the result
looks; the probability is the softmax over all distinct one-edit results. This module knows no two-edit
misspellings and does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import (
    CONTEXT,
    EDGE,
    FACTORS,
    LETTERS,
    NEW_WINDOWS,
    OLD_WINDOWS,
    OPERATORS,
    cells,
    encode,
    size,
    stem_length,
    surroundings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes, Surroundings

    Scores = NDArray[np.float64]

WRITTEN = (*LETTERS[:EDGE], "")
"""What each code of `EditGrid.after` writes."""
TAKEN = (1, 1, 0, 2)
"""How many characters of the name each operator takes away, in the order of `OPERATORS`."""
LENGTHS = np.array(TAKEN)
"""The same as an array."""
SUBSTITUTION, DELETION, INSERTION, TRANSPOSITION = range(4)
WITH_AFTER = ("substitution", "insertion")
_ALPHABET = np.arange(26)


@dataclass(frozen=True, slots=True)
class EditGrid:
    """All edits that make distinct results of one name, side by side in arrays of equal length."""

    operator: Codes
    """Index into `OPERATORS`."""
    position: Codes
    """0-based index into the name of the first character concerned."""
    after: Codes
    """Code of the letter written, `EDGE` for deletions and transpositions."""
    score: Scores
    """Unnormalised log-probability."""

    def __len__(self) -> int:
        return len(self.score)

    @property
    def log_probability(self) -> Scores:
        """Natural logarithm of each edit's share of all one-edit results."""
        if not len(self.score):
            return self.score
        top = self.score.max()
        return np.asarray(self.score - top - np.log(np.exp(self.score - top).sum()))

    def texts(self, name: str, chosen: Codes | None = None) -> list[str]:
        """What the chosen edits, or all, make of a name in lower case."""
        if chosen is None:
            chosen = np.arange(len(self))
        pieces = zip(*self._pieces(name, chosen), strict=True)
        return [f"{name[:at]}{written}{name[end:]}" for at, written, end in pieces]

    def pair_texts(self, name: str, one: Codes, other: Codes) -> list[str]:
        """What pairs of edits make of a name, ``other`` being to the right of ``one``."""
        pieces = zip(*self._pieces(name, one), *self._pieces(name, other), strict=True)
        return [
            f"{name[:at]}{written}{name[end:start]}{text}{name[stop:]}"
            for at, written, end, start, text, stop in pieces
        ]

    def _pieces(self, name: str, chosen: Codes) -> tuple[list[int], list[str], list[int]]:
        """For each edit: where it begins in the name, what is written, and where the name goes on."""
        operators, begins = self.operator[chosen], self.position[chosen]
        places = begins.tolist()
        written = [WRITTEN[code] for code in self.after[chosen].tolist()]
        for row in (operators == TRANSPOSITION).nonzero()[0].tolist():
            at = places[row]
            written[row] = name[at + 1] + name[at]
        return places, written, (begins + LENGTHS[operators]).tolist()


def first_of(values: Scores, count: int) -> Codes:
    """Indices of the largest values in falling order, ties by index; a prefix of the full order.

    >>> first_of(np.array([1.0, 3.0, 3.0, 2.0]), 2).tolist()
    [1, 2]
    """
    if count >= len(values):
        return np.asarray(np.argsort(-values, kind="stable"))
    least = np.partition(values, len(values) - count)[len(values) - count] if count else np.inf
    among = (values >= least).nonzero()[0]
    return np.asarray(among[np.argsort(-values[among], kind="stable")][:count])


def trigram_model(names: Iterable[str]) -> Scores:
    """Log-probability of a letter after two others, over names; shape (27, 27, 27).

    Counts are interpolated with those of shorter runs, each with the weight of five observations
    (Witten and Bell 1991, with a fixed weight).
    """
    codes = np.concatenate([[EDGE, EDGE], *([*encode(name), EDGE, EDGE] for name in names)])
    runs = np.zeros((27, 27, 27))
    np.add.at(runs, (codes[:-2], codes[1:-1], codes[2:]), 1.0)
    single = runs.sum((0, 1)) + 1
    double = runs.sum(0) + 5 * single / single.sum()
    double /= double.sum(1, keepdims=True)
    triple = runs + 5 * double
    return np.asarray(np.log(triple / triple.sum(2, keepdims=True)))


@dataclass(frozen=True, slots=True)
class _Stack:
    """Tables below each other, so that one look-up adds up all that holds for a place."""

    strides: Codes
    """How far one more of each word moves in each table; shape (tables, len(CONTEXT))."""
    offsets: Codes
    """First row of each table; shape (tables, 1)."""
    rows: Scores

    def add_up(self, values: Codes) -> Scores:
        """Sum over the tables of each place's row.

        Args:
            values: What surrounds each place; shape (len(CONTEXT), places).

        Returns:
            Shape (places, columns).
        """
        return np.asarray(self.rows.take(self.strides @ values + self.offsets, axis=0).sum(axis=0))


def _stack(tables: Mapping[tuple[str, ...], Scores]) -> _Stack:
    strides = np.zeros((len(tables), len(CONTEXT)), dtype=np.int64)
    for row, axes in enumerate(tables):
        step = 1
        for word in reversed(axes):
            strides[row, CONTEXT.index(word)] = step
            step *= size(word)
    lengths = [len(table) for table in tables.values()]
    offsets = np.cumsum([0, *lengths[:-1]])[:, None]
    rows = np.concatenate(list(tables.values())) if tables else np.zeros((0, 1))
    return _Stack(strides, offsets, rows)


@dataclass(frozen=True)
class EditScorer:
    """Scores every edit of a name.

    Args:
        weights: Weights of the cells of each factor, flat arrays, by operator and factor; a factor that
            is missing counts nothing.
        fluency: Weight of the gain in trigram log-probability, by operator.
        trigrams: See `trigram_model`.
    """

    weights: Mapping[str, Mapping[str, Scores]]
    fluency: Mapping[str, float]
    trigrams: Scores = field(repr=False)

    @classmethod
    def untrained(cls, trigrams: Scores) -> EditScorer:
        """A scorer to which all edits are equal."""
        return cls({operator: {} for operator in OPERATORS}, {}, trigrams)

    def grid(self, name: str) -> EditGrid:
        """All edits of a name with their scores; empty where it has no letter from a to z."""
        codes = encode(name)
        found = surroundings(codes, stem_length(name.lower()))
        scores, there = [], []
        for index, operator in enumerate(OPERATORS):
            scores.append(self._scores(operator, found).ravel())
            there.append(possible(index, found).ravel())
        kept = np.concatenate(there).nonzero()[0]
        operators, positions, letters = _layout(len(codes)).take(kept, axis=1)
        return EditGrid(operators, positions, letters, np.concatenate(scores).take(kept))

    def _scores(self, operator: str, found: Surroundings) -> Scores:
        """Scores by place, and by letter written for the operators that write one."""
        wide, narrow = self._tables[operator]
        values = found.table[:, found.columns[operator]]
        scores = narrow.add_up(values)
        return scores + wide.add_up(values) if operator in WITH_AFTER else scores

    @cached_property
    def _tables(self) -> dict[str, tuple[_Stack, _Stack]]:
        """For each operator the tables with a column for every letter written, and those without."""
        tables = {}
        for operator in OPERATORS:
            groups: dict[tuple[str, ...], Scores] = {}
            for factor, weight in self._addends(operator):
                _add(groups, factor, weight)
            wide = {axes[:-1]: table for axes, table in groups.items() if "after" in axes}
            narrow = {axes: table for axes, table in groups.items() if "after" not in axes}
            tables[operator] = _stack(wide), _stack(narrow)
        return tables

    def _addends(self, operator: str) -> list[tuple[str, Scores]]:
        flat, share = self.trigrams.ravel(), self.fluency.get(operator, 0.0)
        addends = [(window, share * flat) for window in NEW_WINDOWS[operator]]
        addends += [(window, -share * flat) for window in OLD_WINDOWS[operator]]
        addends += [
            (factor, self.weights[operator][factor])
            for factor in FACTORS[operator]
            if factor in self.weights[operator]
        ]
        # The widest first, so that the others find a table that already holds their letters.
        return sorted(addends, key=lambda one: -len(_axes(one[0])))


def fluency_gain(operator: str, context: Mapping[str, Codes], trigrams: Scores) -> Scores:
    """By how much an edit raises the trigram log-probability of the name."""
    flat = trigrams.ravel()
    gain = sum(flat[cells(window, context)] for window in NEW_WINDOWS[operator])
    return np.asarray(gain - sum(flat[cells(window, context)] for window in OLD_WINDOWS[operator]))


def possible(index: int, found: Surroundings) -> NDArray[np.bool_]:
    """Which edits of one operator change the name, and are not the same as an earlier one.

    Of edits with the same result the leftmost counts: of a double letter the first is dropped, and a
    letter is doubled in front of itself.
    """
    operator = OPERATORS[index]
    left, before, follower, right = found.table[1:5, found.columns[operator]]
    if operator == "insertion":
        changes = left[:, None] != _ALPHABET
        return np.asarray(changes & ((left != EDGE) | (right != EDGE))[:, None])
    if operator == "substitution":
        return np.asarray((before[:, None] != _ALPHABET) & (before != EDGE)[:, None])
    if operator == "deletion":
        return np.asarray((before != EDGE) & (before != left))
    return np.asarray((before != EDGE) & (follower != EDGE) & (before != follower))


@lru_cache(maxsize=256)
def _layout(count: int) -> Codes:
    """Operator, position and letter written of every edit of so many characters, possible or not."""
    places = (count, count, count + 1, max(count - 1, 0))
    columns = []
    for index, (operator, length) in enumerate(zip(OPERATORS, places, strict=True)):
        letters = np.arange(26) if operator in WITH_AFTER else np.array([EDGE])
        position, after = np.meshgrid(np.arange(length), letters, indexing="ij")
        columns.append(np.array([np.full(position.size, index), position.ravel(), after.ravel()]))
    return np.hstack(columns)


def _axes(factor: str) -> tuple[str, ...]:
    """The words that a table needs to hold a factor, `after` last: comparisons need both letters."""
    words: list[str] = []
    for word in factor.split():
        parts = word.replace("@", "=").split("=")
        words += ["after" if part == "after~" else part for part in parts]
    kept = dict.fromkeys(
        word for word in words if word.rstrip("~") == word or word[:-1] not in words
    )
    return tuple(sorted(kept, key=lambda word: word == "after"))


def _add(groups: dict[tuple[str, ...], Scores], factor: str, weight: Scores) -> None:
    needed = _axes(factor)
    home = next((axes for axes in groups if _covers(axes, needed)), needed)
    context = [axis for axis in home if axis != "after"]
    width = 26 if "after" in home else 1
    shape = [size(axis) for axis in context]
    grid = np.ogrid[tuple(slice(length) for length in (*shape, width))]
    added = weight[cells(factor, dict(zip([*context, "after"], grid, strict=True)))]
    spread = np.broadcast_to(added, (*shape, width)).reshape(-1, width)
    groups[home] = groups[home] + spread if home in groups else spread.copy()


def _covers(axes: tuple[str, ...], needed: tuple[str, ...]) -> bool:
    return all(word in axes or (word.endswith("~") and word[:-1] in axes) for word in needed)
