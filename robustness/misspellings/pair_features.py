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

from robustness.misspellings.factors import EDGE, LETTERS
from robustness.misspellings.pairs import LIQUIDS, SOUNDS, end_of
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
_WRITES = np.array([True, False, True, False])
"""Whether what is written is the grid's letter."""


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
    one, other = pairs
    gap = np.minimum(grid.position[other] - end_of(grid, one), 4)
    flags = _flags(grid, codes, one, other, gap)
    log1, log2 = log_p[one], log_p[other]
    both = log1 + log2
    fluency = pair_fluency(grid, codes, one, other, trigrams)
    return PairFeatures(
        np.array([both, np.minimum(log1, log2), flags[0] * both, fluency]), gap, flags
    )


def _flags(grid: EditGrid, codes: Codes, one: Codes, other: Codes, gap: Codes) -> Scores:
    op1, op2, at2 = grid.operator[one], grid.operator[other], grid.position[other]
    # What an edit takes and writes; an insertion takes nothing.
    taken = np.append(codes, EDGE)[grid.position]
    taken[grid.operator == INSERTION] = EDGE
    before1, before2, after1, after2 = taken[one], taken[other], grid.after[one], grid.after[other]
    touching, last = gap == 0, at2 == len(codes) - 1
    subs = (op1 == SUBSTITUTION) & (op2 == SUBSTITUTION)
    to_right = (op1 == DELETION) & (op2 == INSERTION) & (after2 == before1) & (before1 != EDGE)
    to_left = (op1 == INSERTION) & (op2 == DELETION) & (after1 == before2) & (before2 != EDGE)
    moved = to_right | to_left
    swapped = subs & (after1 == before2) & (after2 == before1)
    second_dropped = op2 == DELETION
    dropped = (op1 == DELETION) & second_dropped & touching
    joined = _SOUND[before1, before2, after1] & (after2 == EDGE)
    parted = _SOUND[after1, after2, before2] & (before1 == EDGE)
    sound = touching & (joined | parted)
    return np.array(
        [
            swapped | moved | dropped | sound,
            swapped,
            moved,
            moved & _LIQUID[np.maximum(after1 * to_left, after2 * to_right)],
            dropped & last,
            sound,
            subs & (after1 == after2),
            _I_AND_Y[before1, after1] | _I_AND_Y[before2, after2],
            second_dropped & last & (before2 == _E),
        ],
        dtype=np.float64,
    )


def pair_fluency(
    grid: EditGrid, codes: Codes, one: Codes, other: Codes, trigrams: Scores
) -> Scores:
    """Trigram log-probability of what each pair of edits makes of a name; one number a pair."""
    op1, op2 = grid.operator[one], grid.operator[other]
    shift1, shift2 = _GROWTH[op1], _GROWTH[op2]
    begin1, begin2 = grid.position[one], grid.position[other] + shift1
    place = np.arange(len(codes) + 2)
    # Which character of the name stands in each place of the result.
    source = place - (place >= (begin1 + _WRITTEN[op1])[:, None]) * shift1[:, None]
    source -= (place >= (begin2 + _WRITTEN[op2])[:, None]) * shift2[:, None]
    made = np.full((len(one), len(codes) + 6), EDGE)
    made[:, 2:-2] = np.append(codes, [EDGE] * 4)[source]
    for operator, begin, chosen in ((op1, begin1, one), (op2, begin2, other)):
        writes = _WRITES[operator].nonzero()[0]
        made[writes, begin[writes] + 2] = grid.after[chosen[writes]]
        swaps = (operator == TRANSPOSITION).nonzero()[0]
        at = begin[swaps] + 2
        made[swaps, at], made[swaps, at + 1] = made[swaps, at + 1], made[swaps, at]
    flat = trigrams.ravel()
    # Shorter results have more edges behind them, which must not count.
    edges = (len(codes) + 2 - (len(codes) + shift1 + shift2)) * flat[-1]
    runs = (made[:, :-2] * 27 + made[:, 1:-1]) * 27 + made[:, 2:]
    return np.asarray(flat[runs].sum(axis=1) - edges)
