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

from robustness.misspellings.factors import EDGE, LETTERS, OPERATORS
from robustness.misspellings.pairs import LIQUIDS, SOUNDS
from robustness.misspellings.scoring import (
    DELETION,
    INSERTION,
    LENGTHS,
    SUBSTITUTION,
    TRANSPOSITION,
)

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, Scores

_SIZES = (
    "log-probability",
    "less probable edit",
    "log-probability, multi-letter",
    "fluency",
)
_GAPS = ("touching", "1 apart", "2 apart", "3 apart", "farther")
_FLAGS = (
    "multi-letter",
    "letters swapped",
    "letter moved",
    "liquid moved",
    "last two dropped",
    "sound",
    "same letter written",
    "i and y",
    "final e dropped",
)
PAIR_FACTORS = (*_SIZES, *_GAPS, *_FLAGS)
"""What the score of a pair depends on; the columns of `PairFeatures.table`."""
_FIRST_FLAG = len(_SIZES) + len(_GAPS)

_SOUND = np.zeros((27, 27, 27), dtype=bool)
_SOUND[tuple(zip(*SOUNDS, strict=True))] = True
_LIQUID = np.isin(np.arange(27), LIQUIDS)
_I, _Y, _E = (LETTERS.index(letter) for letter in "iye")
_I_AND_Y = np.zeros((27, 27), dtype=bool)
_I_AND_Y[[_I, _Y], [_Y, _I]] = True
_WRITTEN = np.array([1, 0, 1, 2])
"""How many characters each operator writes."""
_GROWTH = _WRITTEN - LENGTHS


def _reverses() -> Codes:
    """For the number of every substitution, deletion and insertion of a letter that of its reverse, else -1."""
    reverse = np.full((len(OPERATORS), 27, 27), -1)
    number = np.arange(reverse.size).reshape(reverse.shape)
    reverse[SUBSTITUTION] = number[SUBSTITUTION].T
    reverse[DELETION, :EDGE, EDGE] = number[INSERTION, EDGE, :EDGE]
    reverse[INSERTION, EDGE, :EDGE] = number[DELETION, :EDGE, EDGE]
    return reverse.ravel()


_REVERSE = _reverses()


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """What is known of each pair of edits, ready to be weighed."""

    sizes: Scores
    """Log-probabilities and the like; shape (sizes, pairs)."""
    gap: Codes
    """How many characters lie between the edits, 4 for more."""
    flags: Scores
    """1.0 where a flag holds; shape (flags, pairs)."""

    def score(self, weights: Scores) -> Scores:
        """The weighted sum over all `PAIR_FACTORS`."""
        scores = weights[: len(_SIZES)] @ self.sizes + weights[_FIRST_FLAG:] @ self.flags
        return np.asarray(scores + weights[len(_SIZES) : _FIRST_FLAG][self.gap])

    def table(self) -> Scores:
        """The same as columns; shape (pairs, len(PAIR_FACTORS))."""
        return np.hstack([self.sizes.T, np.eye(len(_GAPS))[self.gap], self.flags.T])


def pair_features(
    grid: EditGrid, codes: Codes, log_p: Scores, pairs: tuple[Codes, Codes], trigrams: Scores
) -> PairFeatures:
    """What is known of each pair that `pairs.pair_up` gave.

    Args:
        grid: All edits of a name.
        codes: Its letters, see `factors.encode`.
        log_p: Natural logarithms of the probabilities of the edits.
        pairs: Indices into the grid of the left and of the right edits.
        trigrams: See `scoring.trigram_model`.
    """
    chosen = np.array(pairs)
    operators, begins, afters = grid.operator[chosen], grid.position[chosen], grid.after[chosen]
    gap = np.minimum(begins[1] - begins[0] - LENGTHS[operators[0]], 4)
    flags = _flags(operators, begins, afters, codes, gap)
    log1, log2 = log_p[chosen]
    both = log1 + log2
    fluency = _fluency(operators, begins, afters, codes, trigrams)
    return PairFeatures(
        np.array([both, np.minimum(log1, log2), flags[0] * both, fluency]), gap, flags
    )


def _flags(operators: Codes, begins: Codes, afters: Codes, codes: Codes, gap: Codes) -> Scores:
    # What an edit takes and writes; an insertion takes nothing.
    befores = np.append(codes, EDGE)[begins]
    befores[operators == INSERTION] = EDGE
    before1, before2 = befores
    after1, after2 = afters
    kinds = (operators * 27 + befores) * 27 + afters
    touching, last = gap == 0, begins[1] == len(codes) - 1
    subs1, subs2 = operators == SUBSTITUTION
    dropped1, dropped2 = operators == DELETION
    reversed_ = _REVERSE[kinds[0]] == kinds[1]
    swapped = reversed_ & subs1
    moved = reversed_ & ~subs1
    dropped = dropped1 & dropped2 & touching
    joined = _SOUND[before1, before2, after1] & (after2 == EDGE)
    parted = _SOUND[after1, after2, before2] & (before1 == EDGE)
    sound = touching & (joined | parted)
    i_and_y = _I_AND_Y[befores, afters]
    flags = np.empty((len(_FLAGS), len(gap)))
    flags[0] = reversed_ | dropped | sound
    flags[1] = swapped
    flags[2] = moved
    flags[3] = moved & _LIQUID[np.minimum(before1, after1)]
    flags[4] = dropped & last
    flags[5] = sound
    flags[6] = subs1 & subs2 & (after1 == after2)
    flags[7] = i_and_y[0] | i_and_y[1]
    flags[8] = dropped2 & last & (before2 == _E)
    return flags


def _fluency(
    operators: Codes, begins: Codes, afters: Codes, codes: Codes, trigrams: Scores
) -> Scores:
    """Trigram log-probability of what each pair of edits makes of a name; one number a pair."""
    count, pairs = len(codes), operators.shape[1]
    growth = _GROWTH[operators]
    starts = begins + np.array([np.zeros(pairs, dtype=np.int64), growth[0]])
    ends = starts + _WRITTEN[operators]
    # Which character of the name stands in each place of the result, one row a place.
    place = np.arange(count + 2)[:, None]
    source = place - (place >= ends[0]) * growth[0] - (place >= ends[1]) * growth[1]
    padded = np.full(count + 4, EDGE)
    padded[:count] = codes
    made = np.full((count + 6, pairs), EDGE)
    made[2:-2] = padded[source]
    which, pair = (afters != EDGE).nonzero()
    made[starts[which, pair] + 2, pair] = afters[which, pair]
    which, pair = (operators == TRANSPOSITION).nonzero()
    at = starts[which, pair] + 2
    made[at, pair], made[at + 1, pair] = made[at + 1, pair], made[at, pair]
    flat = trigrams.ravel()
    # Shorter results have more edges behind them, which must not count.
    edges = (2 - growth[0] - growth[1]) * flat[-1]
    runs = (made[:-2] * 27 + made[1:-1]) * 27 + made[2:]
    return np.asarray(flat[runs].sum(axis=0) - edges)
