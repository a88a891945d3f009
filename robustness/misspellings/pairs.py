"""Which two edits of a name are taken together: the support of two-edit misspellings.

Pairs of edits that are high in the one-edit ranking, and multi-letter edits anywhere (after Brill and Moore
2000), which count as one slip and have two edits only because edits are counted in letters: letters trade
places (*gapabentin*), two neighbours are dropped (*simvastan*), a liquid jumps (*venaflaxine*; metathesis,
Blevins and Garrett 1998), one sound is written with two letters (`ph` for `f`, `cs` for `x`). This module
does not say how likely a pair is, see `pair_features`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.misspellings.factors import EDGE, LETTERS, OPERATORS
from robustness.misspellings.scoring import DELETION, INSERTION, LENGTHS, SUBSTITUTION, first_of

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, Scores

REACH = 60
"""Two edits are paired where the product of their places in the ranking is at most this."""
FARTHEST_SWAP = 6
"""Largest distance between two letters that trade places."""
JUMPS = (2, 3, 4)
"""Over how many letters a liquid jumps."""
LIQUIDS = tuple(LETTERS.index(letter) for letter in "lr")
TWO_FOR_ONE = (("ph", "f"), ("cs", "x"), ("ks", "x"), ("ch", "k"), ("qu", "k"), ("ie", "y"))
"""Pairs of letters, and the letter that sounds like them; people write either for the other."""
SOUNDS = tuple(
    (LETTERS.index(two[0]), LETTERS.index(two[1]), LETTERS.index(one)) for two, one in TWO_FOR_ONE
)
"""The same as codes."""
_TWO = {
    letter: tuple((first, second) for first, second, one in SOUNDS if one == letter)
    for _, _, letter in SOUNDS
}
_ONE = {
    pair: tuple(one for first, second, one in SOUNDS if (first, second) == pair)
    for pair in {sound[:2] for sound in SOUNDS}
}


def pair_up(grid: EditGrid, codes: Codes, log_p: Scores) -> tuple[Codes, Codes]:
    """Index pairs of edits that are applied together, the left one first; both of equal length."""
    best = first_of(log_p, REACH)
    # From left to right, whatever the ranks.
    positions = grid.position[best]
    first, second = _ranks(len(best))
    late = positions[first] > positions[second]
    one, other = best[np.where(late, second, first)], best[np.where(late, first, second)]
    more_one, more_other = _multi_letter(grid, codes)
    place = np.full(len(log_p), REACH + 1)
    place[best] = np.arange(1, len(best) + 1)
    new = place[more_one] * place[more_other] > REACH
    one, other = np.concatenate([one, more_one[new]]), np.concatenate([other, more_other[new]])
    # Two insertions between the same letters would come in two orders: they are left out.
    taken = LENGTHS[grid.operator[one]]
    inserted = (taken == 0) & (grid.operator[other] == INSERTION)
    apart = grid.position[other] - grid.position[one] - taken >= inserted
    return one[apart], other[apart]


@lru_cache(maxsize=256)
def _ranks(count: int) -> tuple[Codes, Codes]:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`."""
    first, second = np.triu_indices(count, 1)
    near = (first + 1) * (second + 1) <= REACH
    return first[near], second[near]


def _multi_letter(grid: EditGrid, codes: Codes) -> tuple[Codes, Codes]:
    """Pairs that are one slip of several letters."""
    count = len(codes)
    i, j, swap_i, swap_j, drops = _swaps_and_drops(count)
    single = np.array(_sounds_and_jumps(codes.tolist()), dtype=np.int64).reshape(-1, 2)
    one = np.concatenate([swap_i + codes[j], drops[:-1], single[:, 0]])
    other = np.concatenate([swap_j + codes[i], drops[1:], single[:, 1]])
    index = np.full((count + 1) * 27 * len(OPERATORS), -1)
    index[_key(grid.operator, grid.position, grid.after)] = np.arange(len(grid))
    first, second = index[one], index[other]
    there = (first >= 0) & (second >= 0)
    return first[there], second[there]


def _key(operator: Any, position: Any, after: Any) -> Any:
    """A number for each edit that a name may have."""
    return (position * len(OPERATORS) + operator) * 27 + after


def _sounds_and_jumps(letters: list[int]) -> list[int]:
    """Keys of pairs of edits, the left and the right one in turn; each is one sound or one liquid."""
    keys: list[int] = []
    count = len(letters)
    for at, letter in enumerate(letters):
        for first, second in _TWO.get(letter, ()):
            keys += (_key(INSERTION, at, first), _key(SUBSTITUTION, at, second))
        follower = letters[at + 1] if at + 1 < count else EDGE
        for one in _ONE.get((letter, follower), ()):
            keys += (_key(SUBSTITUTION, at, one), _key(DELETION, at + 1, EDGE))
        if letter in LIQUIDS:
            dropped = _key(DELETION, at, EDGE)
            for over in JUMPS:
                if at + 1 + over <= count:
                    keys += (dropped, _key(INSERTION, at + 1 + over, letter))
                if at >= over:
                    keys += (_key(INSERTION, at - over, letter), dropped)
    return keys


@lru_cache(maxsize=256)
def _swaps_and_drops(count: int) -> tuple[Codes, Codes, Codes, Codes, Codes]:
    """Places that may trade letters, the keys of writing the first letter in each, and of every deletion."""
    i, j = np.triu_indices(count, 2)
    i, j = i[j - i <= FARTHEST_SWAP], j[j - i <= FARTHEST_SWAP]
    drops = _key(DELETION, np.arange(count), EDGE)
    return i, j, _key(SUBSTITUTION, i, 0), _key(SUBSTITUTION, j, 0), drops
