"""The noisy channel: how likely each way to misspell a name is, with one edit or two.

After Kernighan, Church and Gale (1990): a misspelling has one edit or, with a learned share, two; `scoring`
says how likely each edit is, `pairs` which go together. The support is everything that one edit makes of
the name, and those pairs of edits that `pairs.pair_up` proposes; on it the probabilities add up to one.
The weights come from `fitting`, by way of `parameters`. This module does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import encode
from robustness.misspellings.fingerprints import Fingerprints
from robustness.misspellings.pair_features import pair_features
from robustness.misspellings.pairs import pair_up
from robustness.misspellings.scoring import first_of

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.pair_features import PairFeatures
    from robustness.misspellings.scoring import EditGrid, EditScorer, Scores


@dataclass(frozen=True, slots=True)
class Pairs:
    """The two-edit misspellings of one name; several pairs may make the same text."""

    one: Codes
    """Index into the grid of the left edit of each pair."""
    other: Codes
    """Index of the right edit."""
    features: PairFeatures
    leader: Codes
    """The row of the first pair that makes the same text; its own row in most cases."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """All misspellings that the channel can make of one name, in no particular order.

    Row k is the result of edit ``one[k]`` of the grid, and of ``other[k]`` to its right where that is
    not -1. No two rows make the same text.
    """

    name: str
    """The name in lower case."""
    grid: EditGrid
    one: Codes
    other: Codes
    probability: Scores

    def __len__(self) -> int:
        return len(self.one)

    def best(self, count: int) -> Codes:
        """The rows of the most probable misspellings, the most probable first."""
        return first_of(self.probability, count)

    def texts(self, rows: Codes) -> list[str]:
        """The misspellings of some rows."""
        one, other = self.one[rows], self.other[rows]
        texts = self.grid.texts(self.name, one)
        two = (other >= 0).nonzero()[0]
        double = self.grid.pair_texts(self.name, one[two], other[two])
        for row, text in zip(two.tolist(), double, strict=True):
            texts[row] = text
        return texts


@dataclass(frozen=True, slots=True)
class NoisyChannel:
    """The fitted model: how likely each misspelling of a name is."""

    scorer: EditScorer
    pair_weights: Scores
    """Weights of `pair_features.PAIR_FACTORS`."""
    two_edit_share: float
    """Share of misspellings that are made by a pair of edits, of all that the channel can make."""

    def pairs(self, name: str, grid: EditGrid, log_p: Scores) -> Pairs:
        """The pairs of edits of a lower-case name that make what no single edit makes.

        Args:
            name: The name.
            grid: Its edits.
            log_p: The natural logarithm of their probabilities.
        """
        codes = encode(name)
        one, other = pair_up(grid, codes, log_p)
        leader = _leaders(Fingerprints(name, grid), one, other)
        fresh = leader >= 0
        row = np.cumsum(fresh) - 1
        one, other = one[fresh], other[fresh]
        features = pair_features(grid, codes, log_p, (one, other), self.scorer.trigrams)
        return Pairs(one, other, features, row[leader[fresh]])

    def distribution(self, name: str) -> Distribution:
        """Every misspelling of a lower-case name that the channel can make, with its probability.

        The probabilities add up to one over all distinct texts, those included that are the name of
        another drug.
        """
        grid = self.scorer.grid(name)
        log_p = grid.log_probability
        pairs = self.pairs(name, grid, log_p)
        share = self.two_edit_share if len(pairs.one) else 0.0
        scores = pairs.features.score(self.pair_weights)
        weights = np.exp(scores - scores.max(initial=-np.inf))
        merged = np.bincount(pairs.leader, weights, minlength=len(weights))
        rows = merged.nonzero()[0]
        total = merged.sum() or 1.0
        return Distribution(
            name,
            grid,
            np.concatenate([np.arange(len(grid)), pairs.one[rows]]),
            np.concatenate([np.full(len(grid), -1), pairs.other[rows]]),
            np.concatenate([(1 - share) * np.exp(log_p), share / total * merged[rows]]),
        )


def _leaders(prints: Fingerprints, one: Codes, other: Codes) -> Codes:
    """For each pair the first one that makes the same text, -1 where fewer edits make it."""
    single, paired = prints.single(), prints.paired(one, other)
    numbers = np.concatenate([[prints.name], single, paired])
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    first = np.arange(len(numbers))
    first[1:][ordered[1:] == ordered[:-1]] = 0
    leader = np.empty_like(order)
    leader[order] = order[np.maximum.accumulate(first)]
    before = len(single) + 1
    return np.asarray(np.maximum(leader[before:] - before, -1))
