"""Misspellings with two edits, as pairs of one-edit ones.

People do not make two edits independently: letters trade places (*gapabentin*), a syllable is dropped
(*amtriptyline* from its middle), two vowels go wrong alike, one sound is written with two letters
(`ph` for `f`, `cs` for `x`: multi-letter edits as in Brill and Moore 2000). The score of a pair is a
weighted sum of its edits' one-edit log-probabilities and of the `PAIR_FACTORS` that hold for it. The
support is truncated: pairs of the `BEST` most probable edits, and the multi-letter edits anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import CLASS, EDGE, LETTERS, OPERATORS
from robustness.misspellings.scoring import DELETION, INSERTION, SUBSTITUTION, TAKEN

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, Scores

BEST = 40
"""How many of a name's most probable edits are paired with each other."""
FARTHEST_SWAP = 6
"""Largest distance between two letters that trade places."""
TWO_FOR_ONE = (("ph", "f"), ("cs", "x"), ("ks", "x"), ("ch", "k"), ("qu", "k"), ("ie", "y"))
"""Pairs of letters, and the letter that sounds like them; people write either for the other."""

_TAKEN = np.array(TAKEN)

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
    best = np.argsort(-log_p, kind="stable")[:BEST]
    first, second = np.triu_indices(len(best), 1)
    one, other = best[first], best[second]
    late = grid.position[one] > grid.position[other]
    one, other = np.where(late, other, one), np.where(late, one, other)
    more_one, more_other = _multi_letter(grid, codes)
    one, other = np.concatenate([one, more_one]), np.concatenate([other, more_other])
    number = np.unique(one * len(log_p) + other)
    one, other = number // len(log_p), number % len(log_p)
    apart = _end(grid, one) <= grid.position[other]
    both_inserted = (grid.operator[one] == INSERTION) & (grid.operator[other] == INSERTION)
    apart &= ~(both_inserted & (grid.position[one] == grid.position[other]))
    return one[apart], other[apart]


def pair_features(grid: EditGrid, codes: Codes, log_p: Scores, one: Codes, other: Codes) -> Scores:
    """What is known of each pair; shape (pairs, len(PAIR_FACTORS))."""
    op1, op2 = grid.operator[one], grid.operator[other]
    table = np.zeros((len(one), len(PAIR_FACTORS)))
    row = np.arange(len(one))
    table[:, 0] = log_p[one] + log_p[other]
    table[:, 1] = np.minimum(log_p[one], log_p[other])
    table[row, 2 + op1 * 4 + op2] = 1
    gap = np.minimum(grid.position[other] - _end(grid, one), 4)
    table[row, 18 + gap] = 1
    padded = np.append(codes, EDGE)
    before1, before2 = padded[grid.position[one]], padded[grid.position[other]]
    after1, after2 = grid.after[one], grid.after[other]
    subs = (op1 == SUBSTITUTION) & (op2 == SUBSTITUTION)
    moved = (op1 == DELETION) & (op2 == INSERTION) & (before1 == after2)
    moved |= (op2 == DELETION) & (op1 == INSERTION) & (before2 == after1)
    table[:, 23] = subs & (after1 == before2) & (after2 == before1)
    table[:, 24] = moved
    table[:, 25] = (op1 == op2) & (after1 == after2) & ((op1 == INSERTION) | (before1 == before2))
    table[:, 26] = (
        subs & (CLASS[before1] == 0) & (CLASS[before2] == 0) & (CLASS[after1] + CLASS[after2] == 0)
    )
    table[:, 27] = (gap == 0) & _sounds(op1, before1, after1, op2, before2, after2)
    table[:, 28] = subs & (after1 == after2)
    return table


def _end(grid: EditGrid, chosen: Codes) -> Codes:
    return np.asarray(grid.position[chosen] + _TAKEN[grid.operator[chosen]])


_FIRSTS, _SECONDS, _ONES = (
    np.array([LETTERS.index((two + one)[i]) for two, one in TWO_FOR_ONE]) for i in range(3)
)


def _sounds(
    op1: Codes, before1: Codes, after1: Codes, op2: Codes, before2: Codes, after2: Codes
) -> Codes:
    joined = (op1 == SUBSTITUTION) & (op2 == DELETION)
    joined &= _SOUND[before1, before2, after1]
    split = (op1 == INSERTION) & (op2 == SUBSTITUTION)
    return np.asarray(joined | (split & _SOUND[after1, after2, before2]))


_SOUND = np.zeros((27, 27, 27), dtype=bool)
_SOUND[_FIRSTS, _SECONDS, _ONES] = True


def _multi_letter(grid: EditGrid, codes: Codes) -> tuple[Codes, Codes]:
    """Pairs that trade two letters, drop two neighbours, or write one sound another way."""
    count = len(codes)
    i, j = np.triu_indices(count, 2)
    i, j = i[j - i <= FARTHEST_SWAP], j[j - i <= FARTHEST_SWAP]
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
