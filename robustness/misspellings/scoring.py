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
    EDGE,
    FACTORS,
    LETTERS,
    NEW_WINDOWS,
    OLD_WINDOWS,
    OPERATORS,
    cells,
    contexts,
    encode,
    read,
    size,
    stem_length,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes

    Scores = NDArray[np.float64]

WRITTEN = (*LETTERS[:EDGE], "")
"""What each code of `EditGrid.after` writes."""
TAKEN = (1, 1, 0, 2)
"""How many characters of the name each operator takes away, in the order of `OPERATORS`."""
SUBSTITUTION, DELETION, INSERTION, TRANSPOSITION = range(4)
WITH_AFTER = ("substitution", "insertion")


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

    @property
    def log_probability(self) -> Scores:
        """Natural logarithm of each edit's share of all one-edit results."""
        if not len(self.score):
            return self.score
        top = self.score.max()
        return np.asarray(self.score - top - np.log(np.exp(self.score - top).sum()))

    def texts(self, name: str, chosen: Codes | None = None) -> list[str]:
        """What the chosen edits, or all, make of a name in lower case."""
        heads, ends, tails = self.pieces(name, chosen)
        return [head + tail for head, tail in zip(heads, tails, strict=True)] if ends else []

    def pieces(
        self, name: str, chosen: Codes | None = None
    ) -> tuple[list[str], list[int], list[str]]:
        """For each edit: the name up to and with what is written, where it goes on, and the rest."""
        which = slice(None) if chosen is None else chosen
        heads, ends, tails = [], [], []
        for operator, at, code in zip(
            self.operator[which].tolist(),
            self.position[which].tolist(),
            self.after[which].tolist(),
            strict=True,
        ):
            end = at + TAKEN[operator]
            written = name[at:end][::-1] if operator == TRANSPOSITION else WRITTEN[code]
            heads.append(name[:at] + written)
            ends.append(end)
            tails.append(name[end:])
        return heads, ends, tails


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
        found = contexts(encode(name), stem_length(name.lower()))
        parts = [
            _part(index, found[operator], self._scores(operator, found[operator]))
            for index, operator in enumerate(OPERATORS)
        ]
        return EditGrid(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _scores(self, operator: str, context: Mapping[str, Codes]) -> Scores:
        wide = operator in WITH_AFTER
        total: Scores = np.zeros((len(context["operator"]), 26 if wide else 1))
        for axes, table in self._tables[operator].items():
            row: Codes = np.zeros((), dtype=np.int64)
            for word in axes:
                if word != "after":
                    row = row * size(word) + read(word, context)
            total += table[row]
        return total if wide else total[:, 0]

    @cached_property
    def _tables(self) -> dict[str, dict[tuple[str, ...], Scores]]:
        """Factors added up into few tables: a row for each context, a column for each letter."""
        tables: dict[str, dict[tuple[str, ...], Scores]] = {}
        for operator in OPERATORS:
            groups: dict[tuple[str, ...], Scores] = {}
            for factor, weight in self._addends(operator):
                _add(groups, factor, weight)
            tables[operator] = groups
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


def possible(index: int, context: Mapping[str, Codes]) -> NDArray[np.bool_]:
    """Which edits change the name, and are not the same as an earlier one.

    Of edits with the same result the leftmost counts: of a double letter the first is dropped, and a
    letter is doubled in front of itself.
    """
    operator = OPERATORS[index]
    if operator == "insertion":
        after = np.arange(26)
        left, right = context["left"][:, None], context["right"][:, None]
        return np.asarray((after != left) & ((left != EDGE) | (right != EDGE)))
    before = context["before"]
    if operator == "substitution":
        return np.asarray((before[:, None] != EDGE) & (np.arange(26) != before[:, None]))
    if operator == "deletion":
        return np.asarray((before != EDGE) & (before != context["left"]))
    follower = context["next"]
    return np.asarray((before != EDGE) & (follower != EDGE) & (before != follower))


def _part(
    index: int, context: Mapping[str, Codes], scores: Scores
) -> tuple[Codes, Codes, Codes, Scores]:
    mask = possible(index, context)
    place = mask.nonzero()
    position = place[0]
    after = place[1] if mask.ndim == 2 else np.full(len(position), EDGE)
    return np.full(len(position), index), position, after, scores[mask]


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
