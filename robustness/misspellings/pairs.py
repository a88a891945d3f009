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
from robustness.misspellings.numbering import DROP, INSERT, INSERTED, TAKEN, WIDTH, split
from robustness.misspellings.scoring import first_of

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid
    from robustness.misspellings.tables import Scores

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


def pair_up(grid: EditGrid, log_p: Scores) -> Codes:
    """Pairs of edits that are applied together, by number; shape (2, pairs), the left edits first."""
    best = first_of(log_p, REACH)
    if not grid.possible[best[-1]]:
        best = best[grid.possible[best]]
    # Those whose ranks multiply to so little are among the others; 0 is the rank of what is impossible.
    rank = grid.possible * (REACH + 1)
    rank[best] = np.arange(1, len(best) + 1)
    slips = _slips(grid.codes)
    ranks = rank.take(slips)
    slips = slips.take((ranks[0] * ranks[1] > REACH).nonzero()[0], axis=1)
    pairs = np.concatenate([_ranked(best), slips], axis=1)
    return np.asarray(pairs.take(_apart(pairs).nonzero()[0], axis=1))


def _ranked(best: Codes) -> Codes:
    """Pairs of the most probable edits, from left to right whatever their ranks."""
    ranks, turned = _ranks(len(best))
    places = (best // WIDTH).take(ranks)
    return best.take(np.where(places[0] > places[1], turned, ranks))


@lru_cache(maxsize=256)
def _ranks(count: int) -> tuple[Codes, Codes]:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`; and turned."""
    ranks = np.array(np.triu_indices(count, 1))
    ranks = ranks[:, (ranks[0] + 1) * (ranks[1] + 1) <= REACH]
    return ranks, ranks[::-1].copy()


def _apart(pairs: Codes) -> Codes:
    """Which pairs do not touch the same letters.

    Two insertions between the same letters would come in two orders: they are left out.
    """
    places, columns = split(pairs)
    inserted = INSERTED.take(columns)
    gap = places[1] - places[0] - TAKEN.take(columns[0])
    return np.asarray(gap >= (inserted[0] & inserted[1]))


def _slips(codes: Codes) -> Codes:
    """Pairs that are one slip of several letters, possible or not; numbers of shape (2, pairs)."""
    count = len(codes)
    swap, partners, drops = _swaps_and_drops(count)
    letters = [*codes.tolist(), EDGE]
    singles = [
        number
        for at in range(count)
        for number in _sounds_and_jumps(count, at, letters[at], letters[at + 1])
    ]
    # A letter for one that is none is no edit, and so impossible.
    swaps = swap + codes.take(partners)
    return np.concatenate(
        [swaps, drops, np.array(singles, dtype=np.int64).reshape(-1, 2).T], axis=1
    )


@lru_cache(maxsize=1 << 14)
def _sounds_and_jumps(count: int, at: int, letter: int, follower: int) -> tuple[int, ...]:
    """Pairs of edits, the left and the right one in turn, that are one sound or one liquid.

    Args:
        count: How many letters the name has.
        at: The place of the letter concerned.
        letter: Its code.
        follower: Code of the next one.
    """
    pairs: list[int] = []
    here, behind = at * WIDTH, (at + 1) * WIDTH
    for first, second in _TWO.get(letter, ()):
        pairs += (here + INSERT + first, here + second)
    for one in _ONE.get((letter, follower), ()):
        pairs += (here + one, behind + DROP)
    if letter in LIQUIDS:
        for over in JUMPS:
            if at + 1 + over <= count:
                pairs += (here + DROP, behind + over * WIDTH + INSERT + letter)
            if at >= over:
                pairs += (here - over * WIDTH + INSERT + letter, here + DROP)
    return tuple(pairs)


@lru_cache(maxsize=256)
def _swaps_and_drops(count: int) -> tuple[Codes, Codes, Codes]:
    """For places that may trade letters the edits but for the letters, and where these are; all double drops."""
    places = np.array(np.triu_indices(count, 2))
    places = places[:, places[1] - places[0] <= FARTHEST_SWAP]
    drops = np.arange(count) * WIDTH + DROP
    return places * WIDTH, places[::-1].copy(), np.array([drops[:-1], drops[1:]])
