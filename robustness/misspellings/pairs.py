"""Which two edits of a name are taken together: the support of two-edit misspellings.

Pairs of edits that are high in the one-edit ranking, and multi-letter edits anywhere (after Brill and Moore
2000), which count as one slip and have two edits only because edits are counted in letters: letters trade
places (*gapabentin*), two neighbours are dropped (*simvastan*), a liquid jumps (*venaflaxine*; metathesis,
Blevins and Garrett 1998), one sound is written with two letters (`ph` for `f`, `cs` for `x`). This module
does not say how likely a pair is, see `pair_features`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE, LETTERS
from robustness.misspellings.scoring import DELETION, INSERTION, LENGTHS, SUBSTITUTION, first_of

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, Scores

REACH = 60
"""Two edits are paired where the product of their places in the ranking is at most this."""
FARTHEST_SWAP = 6
"""Largest distance between two letters that trade places."""
JUMPS = np.array([2, 3, 4])
"""Over how many letters a liquid jumps."""
LIQUIDS = np.array([LETTERS.index(letter) for letter in "lr"])
TWO_FOR_ONE = (("ph", "f"), ("cs", "x"), ("ks", "x"), ("ch", "k"), ("qu", "k"), ("ie", "y"))
"""Pairs of letters, and the letter that sounds like them; people write either for the other."""
FIRSTS, SECONDS, ONES = (
    np.array([LETTERS.index((two + one)[i]) for two, one in TWO_FOR_ONE]) for i in range(3)
)
"""The same, letter by letter, as codes."""


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
    apart = grid.position[other] - end_of(grid, one) >= inserted
    return one[apart], other[apart]


def end_of(grid: EditGrid, chosen: Codes) -> Codes:
    """Index into the name of the first character behind what an edit takes away."""
    return np.asarray(grid.position[chosen] + LENGTHS[grid.operator[chosen]])


@lru_cache(maxsize=256)
def _ranks(count: int) -> tuple[Codes, Codes]:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`."""
    first, second = np.triu_indices(count, 1)
    near = (first + 1) * (second + 1) <= REACH
    return first[near], second[near]


def _multi_letter(grid: EditGrid, codes: Codes) -> tuple[Codes, Codes]:
    """Pairs that are one slip of several letters."""
    count = len(codes)
    i, j = _swaps(count)
    k = np.arange(count - 1)
    place, sound = (codes[:, None] == ONES).nonzero()
    joined, joint = ((codes[:-1, None] == FIRSTS) & (codes[1:, None] == SECONDS)).nonzero()
    before, after = _jumps(codes)
    one = [
        (SUBSTITUTION, i, codes[j]),
        (DELETION, k, EDGE),
        (INSERTION, place, FIRSTS[sound]),
        (SUBSTITUTION, joined, ONES[joint]),
        (DELETION, before[0], EDGE),
        (INSERTION, after[1], codes[after[0]]),
    ]
    other = [
        (SUBSTITUTION, j, codes[i]),
        (DELETION, k + 1, EDGE),
        (SUBSTITUTION, place, SECONDS[sound]),
        (DELETION, joined + 1, EDGE),
        (INSERTION, before[1], codes[before[0]]),
        (DELETION, after[0], EDGE),
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


def _jumps(codes: Codes) -> tuple[tuple[Codes, Codes], tuple[Codes, Codes]]:
    """Where a liquid stands and where it goes, to the right and to the left."""
    stands = ((codes == LIQUIDS[0]) | (codes == LIQUIDS[1])).nonzero()[0]
    at = np.repeat(stands, len(JUMPS))
    over = np.tile(JUMPS, len(stands))
    right, left = at + 1 + over, at - over
    behind, ahead = right <= len(codes), left >= 0
    return (at[behind], right[behind]), (at[ahead], left[ahead])


@lru_cache(maxsize=256)
def _swaps(count: int) -> tuple[Codes, Codes]:
    i, j = np.triu_indices(count, 2)
    return i[j - i <= FARTHEST_SWAP], j[j - i <= FARTHEST_SWAP]
