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

from robustness.misspellings.fluency import pair_fluency
from robustness.misspellings.situations import FLAGS, FLAGS_OF, GAP_OF, GAPS, situations

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid
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


def pair_features(grid: EditGrid, log_p: Scores, pairs: Codes, trigrams: Scores) -> PairFeatures:
    """What is known of each pair that `pairs.pair_up` gave.

    Args:
        grid: The edits of the names.
        log_p: Natural logarithms of their probabilities, by number.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
        trigrams: See `scoring.trigram_model`.
    """
    one, other = log_p.take(pairs)
    return PairFeatures(
        one + other,
        np.minimum(one, other),
        pair_fluency(grid, pairs, trigrams),
        situations(grid, pairs),
    )
