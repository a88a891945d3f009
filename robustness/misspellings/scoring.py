"""How likely each single edit of a name is.

A log-linear model over everything that one edit can make of a name (Kernighan, Church and Gale 1990,
with the conditioning of a maximum-entropy model, Berger et al. 1996): the score of an edit is the sum of
the weights of its `factors` and of how much more like a drug name, by runs of three letters, the result
looks; the probability is the softmax over all distinct one-edit results. This module knows no two-edit
misspellings and does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import (
    NEW_WINDOWS,
    OLD_WINDOWS,
    OPERATORS,
    cells,
    encode,
    surroundings,
)
from robustness.misspellings.numbering import OPERATOR, WIDTH
from robustness.misspellings.tables import FORBIDDEN, IMPOSSIBLE, WITH_AFTER, build_tables, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes, Surroundings
    from robustness.misspellings.tables import EditTables, Scores

_ALPHABET = np.arange(26)


@dataclass(frozen=True, slots=True)
class EditGrid:
    """All edits of some names, by number (see `numbering`), those included that make no result of their own."""

    codes: Codes
    """The letters of the names, see `factors.encode_all`; shape (names, places)."""
    counts: Codes
    """How many characters each name has."""
    score: Scores
    """Unnormalised log-probability, by number."""
    possible: NDArray[np.bool_]
    """Which edits make distinct results, by number."""

    @property
    def edits(self) -> int:
        """How many numbers each name has: those of the first name are below it, those of the next behind."""
        return int(self.codes.shape[1]) * WIDTH

    @property
    def numbers(self) -> Codes:
        """The numbers of the possible edits, operator by operator and from left to right."""
        numbers = self.possible.nonzero()[0]
        order = np.argsort(OPERATOR[numbers % WIDTH], kind="stable")
        return np.asarray(numbers[order])

    @property
    def log_probability(self) -> Scores:
        """Natural logarithm of each edit's share of all one-edit results of its name, by number."""
        return self.shares()[1]

    def shares(self) -> tuple[Scores, Scores]:
        """Each edit's share of all one-edit results of its name, and its natural logarithm; by number."""
        score = self.score.reshape(-1, self.edits)
        top = score.max(axis=1, keepdims=True)
        weights = np.exp(score - top)
        # One by one, so that what is behind a shorter name changes nothing, not even by rounding.
        total = weights.cumsum(axis=1)[:, -1:]
        return (weights / total).ravel(), (score - (top + np.log(total))).ravel()


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


def first_of_each(values: Scores, count: int) -> Codes:
    """As `first_of` for each row of a table; shape (rows, count), or (rows, columns) where these are fewer."""
    rows, width = values.shape
    count = min(count, width)
    if rows == 1:
        return first_of(values[0], count)[None]
    least = np.partition(values, width - count, axis=1)[:, width - count]
    row, column = (values >= least[:, None]).nonzero()
    column = column.take(np.lexsort((-values[row, column], row)))
    # Equal values may be more than were asked for.
    begins = np.searchsorted(row, np.arange(rows))
    return np.asarray(column.take(begins[:, None] + np.arange(count)))


def trigram_model(names: Iterable[str]) -> Scores:
    """Log-probability of a letter after two others, over names; shape (27, 27, 27).

    Counts are interpolated with those of shorter runs, each with the weight of five observations
    (Witten and Bell 1991, with a fixed weight). The values are rounded, see `tables.rounded`, so that sums of
    them are the same in any order.
    """
    codes = encode("##".join(["", *names, ""]))
    cells = (codes[:-2] * 27 + codes[1:-1]) * 27 + codes[2:]
    runs = np.bincount(cells, minlength=27**3).reshape(27, 27, 27)
    single = runs.sum((0, 1)) + 1
    double = runs.sum(0) + 5 * single / single.sum()
    double /= double.sum(1, keepdims=True)
    triple = runs + 5 * double
    return rounded(np.log(triple / triple.sum(2, keepdims=True)))


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

    def grid(self, *names: str) -> EditGrid:
        """All edits of some names, at least one, with their scores; none is possible without letters from a to z."""
        found = surroundings(names)
        score = self._tables.scores(found.table)
        return EditGrid(found.codes, np.array([*map(len, names)]), score, score > IMPOSSIBLE / 2)

    @cached_property
    def _tables(self) -> EditTables:
        return build_tables(self.weights, self.fluency, self.trigrams)


def fluency_gain(operator: str, context: Mapping[str, Codes], trigrams: Scores) -> Scores:
    """By how much an edit raises the trigram log-probability of the name."""
    flat = trigrams.ravel()
    gain = sum(flat[cells(window, context)] for window in NEW_WINDOWS[operator])
    return np.asarray(gain - sum(flat[cells(window, context)] for window in OLD_WINDOWS[operator]))


def possible(index: int, found: Surroundings) -> NDArray[np.bool_]:
    """Which edits of one operator are possible, see `tables.FORBIDDEN`: by place, and by letter written."""
    operator = OPERATORS[index]
    context = found.context(operator)
    if operator in WITH_AFTER:
        context = {word: value[:, None] for word, value in context.items()}
        context["after"] = _ALPHABET
    forbidden = [
        table.ravel()[cells(factor, context)] for factor, table in FORBIDDEN[operator].items()
    ]
    return np.asarray(~np.logical_or.reduce(np.broadcast_arrays(*forbidden)))
