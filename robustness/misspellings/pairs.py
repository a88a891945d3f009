"""Misspellings with two edits, as pairs of one-edit ones.

People do not make two edits independently: letters trade places (*gapabentin*), a syllable is dropped
(*amtriptyline* from its middle), two vowels go wrong alike, one sound is written with two letters
(`ph` for `f`, `cs` for `x`: multi-letter edits as in Brill and Moore 2000). The score of a pair is a
weighted sum of its edits' one-edit log-probabilities and of the `PAIR_FACTORS` that hold for it. The
support is truncated: pairs of edits that are high in the ranking, and the multi-letter edits anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import CLASS, EDGE, LETTERS, OPERATORS
from robustness.misspellings.scoring import DELETION, INSERTION, LENGTHS, SUBSTITUTION, first_of

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, Scores

REACH = 180
"""Two edits are paired where the product of their places in the ranking is at most this."""
FARTHEST_SWAP = 6
"""Largest distance between two letters that trade places."""
TWO_FOR_ONE = (("ph", "f"), ("cs", "x"), ("ks", "x"), ("ch", "k"), ("qu", "k"), ("ie", "y"))
"""Pairs of letters, and the letter that sounds like them; people write either for the other."""


_COMBINATIONS = [f"{OPERATORS[i]}+{OPERATORS[j]}" for i in range(4) for j in range(4)]
_GAPS = ("touching", "1 apart", "2 apart", "3 apart", "farther")
_FLAGS = (
    "letters swapped",
    "letter moved",
    "same change",
    "both vowels",
    "sound",
    "same place letter",
)
PAIR_FACTORS = ("log-probability", "less probable edit", *_COMBINATIONS, *_GAPS, *_FLAGS)
"""Names of the columns of `pair_features`."""


def pair_up(grid: EditGrid, codes: Codes, log_p: Scores) -> tuple[Codes, Codes]:
    """Index pairs of edits that are applied together, the left one first; both of equal length."""
    best = first_of(log_p, REACH)
    first, second = _ranks(len(best))
    one, other = best[first], best[second]
    late = grid.position[one] > grid.position[other]
    one, other = np.where(late, other, one), np.where(late, one, other)
    more_one, more_other = _multi_letter(grid, codes)
    place = np.full(len(log_p), REACH + 1)
    place[best] = np.arange(1, len(best) + 1)
    new = place[more_one] * place[more_other] > REACH
    one, other = np.concatenate([one, more_one[new]]), np.concatenate([other, more_other[new]])
    # Two insertions between the same letters would come in two orders: they are left out.
    inserted = (grid.operator[one] == INSERTION) & (grid.operator[other] == INSERTION)
    apart = grid.position[other] - _end(grid, one) >= inserted
    return one[apart], other[apart]


@lru_cache(maxsize=256)
def _ranks(count: int) -> tuple[Codes, Codes]:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`."""
    first, second = np.triu_indices(count, 1)
    near = (first + 1) * (second + 1) <= REACH
    return first[near], second[near]


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """What is known of each pair of edits, ready to be weighed."""

    sizes: Scores
    """Sum of the log-probabilities and the smaller of them; shape (2, pairs)."""
    combination: Codes
    """Index into the combinations of operators."""
    gap: Codes
    """How many characters lie between the edits, 4 for more."""
    flags: Scores
    """1.0 where a flag holds; shape (flags, pairs)."""

    def score(self, weights: Scores) -> Scores:
        """The weighted sum over all `PAIR_FACTORS`."""
        scores = weights[:2] @ self.sizes + weights[2:18][self.combination]
        return np.asarray(scores + weights[18:23][self.gap] + weights[23:] @ self.flags)

    def table(self) -> Scores:
        """The same as columns; shape (pairs, len(PAIR_FACTORS))."""
        combinations = np.eye(len(_COMBINATIONS))[self.combination]
        return np.hstack([self.sizes.T, combinations, np.eye(len(_GAPS))[self.gap], self.flags.T])


def pair_features(
    grid: EditGrid, codes: Codes, log_p: Scores, one: Codes, other: Codes
) -> PairFeatures:
    """What is known of each pair that `pair_up` gave."""
    op1, op2 = grid.operator[one], grid.operator[other]
    log1, log2 = log_p[one], log_p[other]
    gap = np.minimum(grid.position[other] - _end(grid, one), 4)
    # What an edit takes and writes; an insertion takes nothing.
    taken = np.append(codes, EDGE)[grid.position]
    taken[grid.operator == INSERTION] = EDGE
    before1, before2, after1, after2 = taken[one], taken[other], grid.after[one], grid.after[other]
    subs = op1 + op2 == 2 * SUBSTITUTION
    crossed = (after1 == before2) & (before1 != EDGE) | (after2 == before1) & (before2 != EDGE)
    same_after = after1 == after2
    vowels = _VOWEL[before1] & _VOWEL[before2] & _VOWEL[after1] & _VOWEL[after2]
    flags = np.array(
        [
            subs & (after1 == before2) & (after2 == before1),
            (op1 + op2 == DELETION + INSERTION) & (op1 != op2) & crossed,
            (op1 == op2) & same_after & (before1 == before2),
            subs & vowels,
            (gap == 0) & _sounds(before1, after1, before2, after2),
            subs & same_after,
        ],
        dtype=np.float64,
    )
    return PairFeatures(np.array([log1 + log2, np.minimum(log1, log2)]), op1 * 4 + op2, gap, flags)


def _end(grid: EditGrid, chosen: Codes) -> Codes:
    return np.asarray(grid.position[chosen] + LENGTHS[grid.operator[chosen]])


_FIRSTS, _SECONDS, _ONES = (
    np.array([LETTERS.index((two + one)[i]) for two, one in TWO_FOR_ONE]) for i in range(3)
)


_SOUND = np.zeros((27, 27, 27), dtype=bool)
_SOUND[_FIRSTS, _SECONDS, _ONES] = True
_VOWEL = np.append(CLASS[:EDGE] == 0, False)


def _sounds(before1: Codes, after1: Codes, before2: Codes, after2: Codes) -> Codes:
    """Whether two letters become one that sounds like them, or one becomes two."""
    joined = _SOUND[before1, before2, after1] & (after2 == EDGE)
    return np.asarray(joined | (_SOUND[after1, after2, before2] & (before1 == EDGE)))


def _multi_letter(grid: EditGrid, codes: Codes) -> tuple[Codes, Codes]:
    """Pairs that trade two letters, drop two neighbours, or write one sound another way."""
    count = len(codes)
    i, j = _swaps(count)
    k = np.arange(count - 1)
    place, sound = (codes[:, None] == _ONES).nonzero()
    joined, joint = ((codes[:-1, None] == _FIRSTS) & (codes[1:, None] == _SECONDS)).nonzero()
    one = [
        (SUBSTITUTION, i, codes[j]),
        (DELETION, k, EDGE),
        (INSERTION, place, _FIRSTS[sound]),
        (SUBSTITUTION, joined, _ONES[joint]),
    ]
    other = [
        (SUBSTITUTION, j, codes[i]),
        (DELETION, k + 1, EDGE),
        (SUBSTITUTION, place, _SECONDS[sound]),
        (DELETION, joined + 1, EDGE),
    ]
    index = np.full(4 * (count + 1) * 27, -1)
    index[(grid.operator * (count + 1) + grid.position) * 27 + grid.after] = np.arange(
        len(grid.operator)
    )
    first, second = (
        index[np.concatenate([(o * (count + 1) + at) * 27 + after for o, at, after in edits])]
        for edits in (one, other)
    )
    there = (first >= 0) & (second >= 0)
    return first[there], second[there]


@lru_cache(maxsize=256)
def _swaps(count: int) -> tuple[Codes, Codes]:
    i, j = np.triu_indices(count, 2)
    return i[j - i <= FARTHEST_SWAP], j[j - i <= FARTHEST_SWAP]
