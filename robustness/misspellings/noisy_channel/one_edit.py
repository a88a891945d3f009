"""How likely each single edit of a name is.

A log-linear model over everything that one edit can make of a name (Kernighan, Church and Gale 1990,
with the conditioning of a maximum-entropy model, Berger et al. 1996). With the cells c that an edit falls into,
one for each factor (see `edit_features`):

    score(edit) = sum of weight[c] + fluency weight * gain in trigram log-probability
    P(edit) = exp(score) / sum of exp(score) over all distinct one-edit results

This module knows no two-edit misspellings and does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.noisy_channel.edit_features import (
    EDGE,
    NEW_WINDOWS,
    OLD_WINDOWS,
    OPERATORS,
    cells,
    contexts,
    encode,
    first_cells,
    operator_cells,
)
from robustness.misspellings.noisy_channel.edit_index import COLUMNS, WIDTH, texts_of_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from robustness.misspellings.noisy_channel.edit_features import Codes, Context

    Scores = NDArray[np.float64]

_ROUND = 1.5 * 2.0**14
"""Added and taken away again, it rounds to 2**-38, since no number of its size has a finer last bit."""


@dataclass(frozen=True, slots=True)
class NameEdits:
    """All edits of a name, by number (see `edit_index`)."""

    name: str
    """The name in lower case."""
    texts: list[str]
    """What each makes of the name."""
    log_p: Scores
    """Natural logarithm of its probability; minus infinity for edits that make no result of their own."""

    @property
    def possible(self) -> NDArray[np.bool_]:
        """Which edits make distinct results."""
        return np.asarray(self.log_p > -np.inf)

    @property
    def numbers(self) -> Codes:
        """The numbers of the possible edits, from left to right."""
        return np.asarray(self.possible.nonzero()[0])

    @property
    def made(self) -> list[str]:
        """What the possible edits make; no text comes twice."""
        return list(compress(self.texts, self.possible.tolist()))


@dataclass(frozen=True)
class EditScorer:
    """Scores every edit of a name.

    Args:
        weights: Weights of all cells by operator, see `edit_features.operator_cells`.
        fluency: Weight of the gain in trigram log-probability, by operator.
        trigrams: See `trigram_model`.
    """

    weights: Mapping[str, Scores]
    fluency: Mapping[str, float]
    trigrams: Scores = field(repr=False)

    @classmethod
    def untrained(cls, trigrams: Scores) -> EditScorer:
        """A scorer to which all edits are equal."""
        weights = {operator: np.zeros(first_cells(operator)[-1]) for operator in OPERATORS}
        return cls(weights, dict.fromkeys(OPERATORS, 0.0), trigrams)

    def edits(self, name: str) -> NameEdits:
        """All edits of a name in lower case; none is possible without letters from a to z."""
        return NameEdits(name, texts_of_edits(name), log_softmax(self.scores(name)))

    def scores(self, name: str) -> Scores:
        """The score of each edit, by number; minus infinity for edits that make no result of their own."""
        table = np.empty((len(name) + 1, WIDTH))
        for operator, context in contexts(name).items():
            score = self.fluency[operator] * fluency_gain(operator, context, self.trigrams)
            score += self.weights[operator].take(operator_cells(operator, context)).sum(axis=0)
            table[:, COLUMNS[operator]] = np.where(possible(operator, context), score, -np.inf)
        # Equal edits of one name are equal to the last bit, so that ties are ranked from left to right.
        return rounded(table).ravel()


def possible(operator: str, context: Context) -> NDArray[np.bool_]:
    """Which edits change letters from a to z into a text that no edit before makes.

    Of edits that make the same text the leftmost counts: of a double letter the first is dropped, and a
    letter is doubled in front of itself.
    """
    left, before, after = context["left"], context["before"], context["after"]
    if operator == "substitution":
        allowed = (before != EDGE) & (before != after)
    elif operator == "deletion":
        allowed = (before != EDGE) & (before != left)
    elif operator == "insertion":
        allowed = ((left != EDGE) | (context["right"] != EDGE)) & (left != after)
    else:
        following = context["next"]
        allowed = (before != EDGE) & (following != EDGE) & (before != following)
    return np.asarray(allowed)


def fluency_gain(operator: str, context: Context, trigrams: Scores) -> Scores:
    """By how much an edit raises the trigram log-probability of the name."""
    flat = trigrams.ravel()
    gain = flat.take(cells(NEW_WINDOWS[operator], context)).sum(axis=0)
    lost = flat.take(cells(OLD_WINDOWS[operator], context)).sum(axis=0)
    return np.asarray(gain - lost)


def trigram_model(names: Iterable[str]) -> Scores:
    """Log-probability of a letter after two others, over names; shape (27, 27, 27).

    Counts are interpolated with those of shorter runs, each with the weight of five observations
    (Witten and Bell 1991, with a fixed weight). The values are rounded, see `rounded`, so that sums of
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


def log_softmax(scores: Scores) -> Scores:
    """Natural logarithms of the shares of exp(score); unchanged where all are minus infinity."""
    top = scores.max(initial=-np.inf)
    if top == -np.inf:
        return scores
    return np.asarray(scores - (top + np.log(np.exp(scores - top).sum())))


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


def rounded(values: Scores) -> Scores:
    """The nearest multiples of 2**-38 of values less than 8,192 from zero.

    >>> rounded(np.array([0.1])).tolist() == [round(0.1 * 2**38) / 2**38]
    True
    """
    return np.asarray((values + _ROUND) - _ROUND)
