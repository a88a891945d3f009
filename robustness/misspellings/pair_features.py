"""How likely two edits of a name are together.

People do not make two edits independently: the score of a pair is a weighted sum of its edits' one-edit
log-probabilities, of how much like a drug name the result looks, and of the `PAIR_FACTORS` that hold for
it. A multi-letter edit (see `pairs`) is one slip, so that the probabilities of its halves say less. This
module does not choose pairs and fits no weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE
from robustness.misspellings.numbering import AFTER, GROWTH, SWAP, WRITTEN, split
from robustness.misspellings.situations import FLAGS, FLAGS_OF, GAP_OF, GAPS, situations

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.tables import Scores

_SIZES = (
    "log-probability",
    "less probable edit",
    "log-probability, multi-letter",
    "fluency",
)
PAIR_FACTORS = (*_SIZES, *GAPS, *FLAGS)
"""What the score of a pair depends on; the columns of `PairFeatures.table`."""


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """What is known of each pair of edits, ready to be weighed."""

    both: Scores
    """Sum of the log-probabilities of its edits."""
    less: Scores
    """The lower one."""
    fluency: Scores
    """Trigram log-probability of what it makes of the name."""
    situation: Codes
    """How its edits stand to each other, see `situations`."""

    def table(self) -> Scores:
        """One row a pair, with a column for each of `PAIR_FACTORS`."""
        flags = FLAGS_OF[self.situation]
        sizes = np.array([self.both, self.less, flags[:, 0] * self.both, self.fluency])
        return np.hstack([sizes.T, GAP_OF[self.situation], flags])


class PairWeights:
    """The weights of `PAIR_FACTORS`; those of gaps and flags are added up beforehand for every situation."""

    def __init__(self, weights: Scores) -> None:
        both, self._less, multi, self._fluency = weights[: len(_SIZES)].tolist()
        gaps, flags = np.split(weights[len(_SIZES) :], [len(GAPS)])
        self._fixed = GAP_OF @ gaps + FLAGS_OF @ flags
        self._both = both + multi * FLAGS_OF[:, 0]

    def scores(self, features: PairFeatures) -> Scores:
        """The weighted sum of the features of each pair."""
        scores = self._both.take(features.situation) * features.both
        scores += self._fixed.take(features.situation)
        scores += self._less * features.less
        scores += self._fluency * features.fluency
        return np.asarray(scores)


def pair_features(codes: Codes, log_p: Scores, pairs: Codes, trigrams: Scores) -> PairFeatures:
    """What is known of each pair that `pairs.pair_up` gave.

    Args:
        codes: The letters of the name, see `factors.encode`.
        log_p: Natural logarithms of the probabilities of its edits, by number.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
        trigrams: See `scoring.trigram_model`.
    """
    places, columns = split(pairs)
    one, other = log_p.take(pairs)
    return PairFeatures(
        one + other,
        np.minimum(one, other),
        _fluency(places, columns, codes, trigrams),
        situations(places, columns, codes),
    )


def _fluency(places: Codes, columns: Codes, codes: Codes, trigrams: Scores) -> Scores:
    """Trigram log-probability of what each pair of edits makes of a name; one number a pair."""
    count, pairs = len(codes), places.shape[1]
    growth = GROWTH.take(columns)
    starts = places.copy()
    starts[1] += growth[0]
    ends = starts + WRITTEN.take(columns)
    # Which character of the name stands in each place of the result, one row a place.
    place = np.arange(count + 2)[:, None]
    source = place - (place >= ends[0]) * growth[0]
    source -= (place >= ends[1]) * growth[1]
    padded = np.full(count + 4, EDGE)
    padded[:count] = codes
    made = np.full((count + 7, pairs), EDGE)
    padded.take(source, out=made[2 : count + 4], mode="clip")
    # What writes no letter writes into the last row, which is not read.
    letters = AFTER.take(columns)
    rows = np.where(letters == EDGE, count + 6, starts + 2)
    made.ravel()[rows * pairs + np.arange(pairs)] = letters
    which, pair = (columns == SWAP).nonzero()
    at = starts[which, pair] + 2
    made[at, pair], made[at + 1, pair] = made[at + 1, pair], made[at, pair]
    flat = trigrams.ravel()
    # Shorter results have more edges behind them, which must not count.
    edges = (2 - growth[0] - growth[1]) * flat[-1]
    runs = (made[:-3] * 27 + made[1:-2]) * 27 + made[2:-1]
    return np.asarray(np.add.reduce(flat.take(runs), axis=0) - edges)
