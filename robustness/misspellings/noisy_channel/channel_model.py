"""The noisy channel: how likely each way to misspell a name is, with one edit or two.

After Kernighan, Church and Gale (1990): a misspelling has one edit or, with a learned share s, two:

    P(text) = (1 - s) * P(edit)                              for what one edit makes
    P(text) = s * sum of P(pair) over the pairs that make it  for what no single edit makes

`one_edit` says how likely each edit is, `two_edits` which pairs there are, and P(pair) is the softmax of the
weighted `two_edit_features`. On this support the probabilities add up to one. The weights come from `fitting`,
by way of `table`. This module does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.noisy_channel.edit_index import edit_of, texts_of_pairs
from robustness.misspellings.noisy_channel.one_edit import first_of, log_softmax
from robustness.misspellings.noisy_channel.two_edit_features import pair_features
from robustness.misspellings.noisy_channel.two_edits import pair_up

if TYPE_CHECKING:
    from robustness.misspellings.edits import Edit
    from robustness.misspellings.noisy_channel.edit_features import Codes
    from robustness.misspellings.noisy_channel.one_edit import EditScorer, NameEdits, Scores


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of edits that make what no single edit makes; several may make the same text."""

    numbers: Codes
    """The left and the right edit of each pair; shape (2, pairs)."""
    texts: list[str]
    features: Scores
    """See `two_edit_features`."""
    leader: Codes
    """The row of the first pair that makes the same text; its own row in most cases."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """All misspellings that the channel can make of one name, in no particular order; no text comes twice."""

    name: str
    """The name in lower case."""
    texts: list[str]
    """The misspellings."""
    probability: Scores
    """The probability of each."""
    numbers: Codes
    """The edit of each, and the one to its right or -1; shape (2, misspellings)."""

    def __len__(self) -> int:
        return len(self.texts)

    def best(self, count: int) -> Codes:
        """The rows of the most probable misspellings, the most probable first."""
        return first_of(self.probability, count)

    def edits(self, rows: Codes) -> list[tuple[Edit, ...]]:
        """The edits of some misspellings, from left to right."""
        numbers = self.numbers[:, rows].T.tolist()
        return [
            tuple([edit_of(self.name, number) for number in pair if number >= 0])
            for pair in numbers
        ]


@dataclass(frozen=True)
class NoisyChannel:
    """The fitted model: how likely each misspelling of a name is."""

    scorer: EditScorer
    pair_weights: Scores
    """Weights of `two_edit_features.PAIR_FACTORS`."""
    two_edit_share: float
    """Share of misspellings that are made by a pair of edits, of all that the channel can make."""

    def pairs(self, edits: NameEdits) -> Pairs:
        """The pairs of edits of a name that make what no single edit makes."""
        numbers = pair_up(edits)
        texts = texts_of_pairs(edits.texts, numbers)
        nearer = {edits.name, *edits.made}
        rows = [row for row, text in enumerate(texts) if text not in nearer]
        numbers, texts = numbers[:, rows], [texts[row] for row in rows]
        first: dict[str, int] = {}
        leader = [first.setdefault(text, row) for row, text in enumerate(texts)]
        features = pair_features(edits, numbers, texts, self.scorer.trigrams)
        return Pairs(numbers, texts, features, np.array(leader, dtype=np.int64))

    def distribution(self, name: str) -> Distribution:
        """Every misspelling of a lower-case name that the channel can make, with its probability.

        The probabilities add up to one over all distinct texts, those included that are the name of another
        drug.
        """
        edits = self.scorer.edits(name)
        single = edits.numbers
        pairs = self.pairs(edits)
        rows = np.unique(pairs.leader)
        double = pairs.numbers[:, rows]
        share = self.two_edit_share if len(rows) else 0.0
        one = np.exp(edits.log_p[single])
        two = self._pair_shares(pairs)[rows]
        return Distribution(
            name,
            edits.made + [pairs.texts[k] for k in rows.tolist()],
            np.concatenate([(1 - share) * one, share * two]),
            np.hstack([[single, np.full_like(single, -1)], double]),
        )

    def _pair_shares(self, pairs: Pairs) -> Scores:
        """What the pairs that make a text have of all pairs, in the row of the text's first pair."""
        scores = (pairs.features * self.pair_weights).sum(axis=1)
        shares = np.exp(log_softmax(scores))
        return np.asarray(np.bincount(pairs.leader, shares, minlength=len(shares)), dtype=float)
