"""Which two edits of a name are taken together: the support of two-edit misspellings.

Pairs of edits that are high in the one-edit ranking, and multi-letter edits anywhere (after Brill and Moore
2000), which count as one slip and have two edits only because edits are counted in letters: letters trade
places (*gapabentin*), two neighbours are dropped (*simvastan*), a liquid jumps (*venaflaxine*; metathesis,
Blevins and Garrett 1998), one sound is written with two letters (`ph` for `f`, `cs` for `x`). This module
does not say how likely a pair is, see `pair_features`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE, LETTERS
from robustness.misspellings.numbering import DROP, INSERT, INSERTED, TAKEN, WIDTH, by_name, split
from robustness.misspellings.scoring import first_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

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


def _all_slips() -> Iterator[tuple[tuple[int, int], tuple[int, int], NDArray[np.bool_]]]:
    """Slips of one sound or one liquid.

    Yields:
        What is done, the number of each edit when the slip is at place 0; how often the letter there is added to
        these; and whether it can be done, by that letter and the next one.
    """
    for first, second, one in SOUNDS:
        found = np.zeros((27, 27), dtype=bool)
        found[one] = True
        yield (INSERT + first, second), (0, 0), found
    for first, second, one in SOUNDS:
        found = np.zeros((27, 27), dtype=bool)
        found[first, second] = True
        yield (one, WIDTH + DROP), (0, 0), found
    found = np.zeros((27, 27), dtype=bool)
    found[LIQUIDS, :] = True
    for over in JUMPS:
        yield (DROP, (1 + over) * WIDTH + INSERT), (0, 1), found
        yield (INSERT - over * WIDTH, DROP), (1, 0), found


_DONE, _REPEATED, _FOUND = zip(*_all_slips(), strict=True)
_SLIP_EDITS = np.array(_DONE).T.copy()
"""By slip: the numbers of its left and its right edit at place 0, but for the letter."""
_REPEATS = np.array(_REPEATED).T.copy()
"""By slip: 1 for the edit that the letter is added to."""
_SLIPS = np.array(_FOUND).reshape(len(_FOUND), -1).T.copy()
"""By a letter and the next one, ``letter * 27 + next``: which slips they allow."""


def pair_up(grid: EditGrid, log_p: Scores) -> Codes:
    """Pairs of edits that are applied together, by number; shape (2, pairs), the left edits first.

    The pairs of the first name come first.
    """
    names = len(grid.codes)
    first = np.arange(names)[:, None] * grid.edits
    best = first_of_each(log_p.reshape(names, -1), REACH) + first
    # Those whose ranks multiply to so little are among the others; 0 is the rank of what is impossible.
    rank = grid.possible * (REACH + 1)
    rank[best] = np.arange(1, best.shape[1] + 1)
    rank *= grid.possible
    slips = _slips(grid)
    ranks = rank.take(slips)
    slips = slips.take((ranks[0] * ranks[1] > REACH).nonzero()[0], axis=1)
    pairs = np.concatenate([_ranked(best), slips], axis=1)
    kept = _apart(pairs)
    if not grid.possible.take(best[:, -1]).all():
        kept &= rank.take(pairs).all(axis=0)
    pairs = pairs.take(kept.nonzero()[0], axis=1)
    return np.asarray(pairs.take(by_name(pairs[0] // grid.edits, names), axis=1))


def _ranked(best: Codes) -> Codes:
    """Pairs of the most probable edits of each name, from left to right whatever their ranks."""
    pairs = best.take(_ranks(best.shape[1]), axis=1).transpose(1, 0, 2).reshape(2, -1)
    places = pairs // WIDTH
    return np.asarray(np.where(places[0] > places[1], pairs[::-1], pairs))


@cache
def _ranks(count: int) -> Codes:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`."""
    ranks = np.array(np.triu_indices(count, 1))
    return np.asarray(ranks[:, (ranks[0] + 1) * (ranks[1] + 1) <= REACH])


def _apart(pairs: Codes) -> Codes:
    """Which pairs do not touch the same letters.

    Two insertions between the same letters would come in two orders: they are left out.
    """
    places, columns = split(pairs)
    inserted = INSERTED.take(columns)
    gap = places[1] - places[0] - TAKEN.take(columns[0])
    return np.asarray(gap >= (inserted[0] & inserted[1]))


def _slips(grid: EditGrid) -> Codes:
    """Pairs that are one slip of several letters, possible or not; numbers of shape (2, pairs)."""
    names, places = grid.codes.shape
    swap, partners, drops = _swaps_and_drops(places)
    first = np.arange(names)[:, None] * grid.edits
    # A letter for one that is none is no edit, and so impossible.
    swaps = swap[:, None] + grid.codes.take(partners, axis=1).transpose(1, 0, 2) + first
    slips = (swaps, drops[:, None] + first)
    return np.concatenate(
        [*(each.reshape(2, -1) for each in slips), _sounds_and_jumps(grid)], axis=1
    )


def _sounds_and_jumps(grid: EditGrid) -> Codes:
    """Pairs of edits that are one sound or one liquid, from left to right; numbers of shape (2, pairs)."""
    names, places = grid.codes.shape
    codes = grid.codes.ravel()
    followers = np.append(codes[1:], EDGE)
    at, slip = (
        _SLIPS.take(codes * 27 + followers, axis=0) & np.tile(_room(places), (names, 1))
    ).nonzero()
    here = at * WIDTH
    return np.asarray(
        here + _SLIP_EDITS.take(slip, axis=1) + _REPEATS.take(slip, axis=1) * codes.take(at)
    )


@lru_cache(maxsize=256)
def _room(places: int) -> NDArray[np.bool_]:
    """Which of the slips of `_SLIPS` have room in each place of a name; the last one is behind its letters."""
    ends = np.arange(places)[:, None] + (_SLIP_EDITS // WIDTH)[:, None]
    return np.asarray(((ends >= 0) & (ends < places)).all(axis=0))


@lru_cache(maxsize=256)
def _swaps_and_drops(places: int) -> tuple[Codes, Codes, Codes]:
    """For places that may trade letters the edits but for the letters, and where these are; all double drops."""
    swaps = np.array(np.triu_indices(places - 1, 2))
    swaps = swaps[:, swaps[1] - swaps[0] <= FARTHEST_SWAP]
    drops = np.arange(places - 1) * WIDTH + DROP
    return swaps * WIDTH, swaps[::-1].copy(), np.array([drops[:-1], drops[1:]])
