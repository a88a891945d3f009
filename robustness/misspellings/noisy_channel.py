"""The noisy channel: how likely each way to misspell a name is, with one edit or two.

After Kernighan, Church and Gale (1990): a misspelling has one edit or, with a learned share, two; `scoring`
says how likely each edit is, `pairs` which go together. The support is everything that one edit makes of
the name, and those pairs of edits that `pairs.pair_up` proposes; on it the probabilities add up to one.
The weights come from `fitting`, by way of `parameters`. This module does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.fingerprints import Fingerprints
from robustness.misspellings.numbering import by_name
from robustness.misspellings.pair_features import PairWeights, pair_features
from robustness.misspellings.pairs import pair_up
from robustness.misspellings.scoring import first_of
from robustness.misspellings.telling import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings.factors import Codes
    from robustness.misspellings.fingerprints import Hashes
    from robustness.misspellings.pair_features import PairFeatures
    from robustness.misspellings.scoring import EditGrid, EditScorer
    from robustness.misspellings.tables import Scores


@dataclass(frozen=True, slots=True)
class Pairs:
    """The two-edit misspellings of some names, name by name; several pairs may make the same text."""

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

    Row k is the result of edit ``one[k]``, and of ``other[k]`` to its right where that is not -1; for what the keys
    of edits mean see `telling`. No two rows make the same text.
    """

    name: str
    """The name in lower case."""
    one: Codes
    other: Codes
    probability: Scores

    def __len__(self) -> int:
        return len(self.one)

    def best(self, count: int) -> Codes:
        """The rows of the most probable misspellings, the most probable first."""
        return first_of(self.probability, count)


@dataclass(frozen=True)
class NoisyChannel:
    """The fitted model: how likely each misspelling of a name is."""

    scorer: EditScorer
    pair_weights: Scores
    """Weights of `pair_features.PAIR_FACTORS`."""
    two_edit_share: float
    """Share of misspellings that are made by a pair of edits, of all that the channel can make."""

    def pairs(self, grid: EditGrid, log_p: Scores) -> Pairs:
        """The pairs of edits of some names that make what no single edit makes, name by name.

        Args:
            grid: All edits of the names.
            log_p: The natural logarithm of their probabilities, by number.
        """
        pairs = pair_up(grid, log_p)
        leader = _leaders(Fingerprints(grid), pairs)
        fresh = (leader >= 0).nonzero()[0]
        row = np.empty_like(leader)
        row[fresh] = np.arange(len(fresh))
        pairs = pairs.take(fresh, axis=1)
        features = pair_features(grid, log_p, pairs, self.scorer.trigrams)
        return Pairs(pairs[0], pairs[1], features, row.take(leader.take(fresh)))

    def distribution(self, name: str) -> Distribution:
        """As `distributions`, for one name."""
        return self.distributions([name])[0]

    def distributions(self, names: Sequence[str]) -> list[Distribution]:
        """Every misspelling of some lower-case names that the channel can make, with its probability.

        The probabilities of a name add up to one over all distinct texts, those included that are the name of
        another drug. A name's distribution does not depend on the other names, to the last bit; several are worked
        out sooner together if they are of like length, and each takes as much memory as the longest.
        """
        if not names:
            return []
        grid = self.scorer.grid(*names)
        share, log_p = grid.shares()
        pairs = self.pairs(grid, log_p)
        owners = pairs.one // grid.edits
        double = _merged(self._weights.scores(pairs.features), pairs.leader, owners)
        single, rows = grid.possible.nonzero()[0], double.nonzero()[0]
        own, paired = single // grid.edits, owners.take(rows)
        two = self.two_edit_share * (np.bincount(paired, minlength=len(names)) > 0)
        made = keys(grid, np.concatenate([single, pairs.one.take(rows), pairs.other.take(rows)]))
        right = len(single) + len(rows)
        owners = np.concatenate([own, paired])
        order = by_name(owners, len(names))
        one = made.take(order)
        other = np.concatenate([np.full(len(single), -1), made[right:]]).take(order)
        probability = np.concatenate(
            [(1 - two).take(own) * share.take(single), two.take(paired) * double.take(rows)]
        ).take(order)
        ends = [0, *np.bincount(owners, minlength=len(names)).cumsum().tolist()]
        parts = [slice(*bounds) for bounds in pairwise(ends)]
        return [
            Distribution(name, one[part], other[part], probability[part])
            for name, part in zip(names, parts, strict=True)
        ]

    @cached_property
    def _weights(self) -> PairWeights:
        return PairWeights(self.pair_weights)


def _merged(scores: Scores, leader: Codes, owners: Codes) -> Scores:
    """The share of what each pair makes of all that pairs make of its name; 0 for pairs that do not lead.

    Args:
        scores: The score of each pair.
        leader: The row of the first pair that makes the same text.
        owners: Which name each pair is of; in rising order.
    """
    if not len(scores):
        return scores
    top = np.full(owners[-1] + 1, -np.inf)
    np.maximum.at(top, owners, scores)
    weights = np.exp(scores - top.take(owners))
    total = np.bincount(owners, weights)
    return np.asarray(np.bincount(leader, weights, minlength=len(scores)) / total.take(owners))


def _leaders(prints: Fingerprints, pairs: Codes) -> Codes:
    """For each pair the first one that makes the same text, -1 where fewer edits make it."""
    made = prints.paired(pairs)
    order = made.argsort(kind="stable")
    ordered = made.take(order)
    first = np.arange(len(made))
    first[1:] *= ordered[1:] != ordered[:-1]
    leader = np.empty_like(order)
    leader[order] = order.take(np.maximum.accumulate(first))
    leader[_found(made, prints.single())] = -1
    return leader


def _found(made: Hashes, among: Hashes) -> Codes:
    """Which hashes are among others: few are, and most of the rest are told by their first bits."""
    size = 4 + len(among).bit_length()
    first = np.uint64(64 - size)
    taken = np.zeros(1 << size, dtype=bool)
    taken[(among >> first).view(np.int64)] = True
    maybe = taken.take((made >> first).view(np.int64)).nonzero()[0]
    ordered, sought = np.sort(among), made.take(maybe)
    return np.asarray(maybe[ordered.take(np.searchsorted(ordered, sought), mode="clip") == sought])
