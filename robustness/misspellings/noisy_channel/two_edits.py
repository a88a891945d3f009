"""Which two edits of a name are taken together: the support of two-edit misspellings.

Pairs of edits that are high in the one-edit ranking, and multi-letter edits anywhere (after Brill and Moore
2000), which count as one slip and have two edits only because edits are counted in letters: letters trade
places (*gapabentin*), two neighbours are dropped (*simvastan*), a liquid jumps (*venaflaxine*; metathesis,
Blevins and Garrett 1998), one sound is written with two letters (`ph` for `f`, `cs` for `x`). This module
does not say how likely a pair is, see `two_edit_features`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.noisy_channel.edit_features import LETTERS, encode
from robustness.misspellings.noisy_channel.edit_index import (
    DROP,
    INSERT,
    INSERTION,
    OPERATOR,
    TAKEN,
    WIDTH,
    split,
)
from robustness.misspellings.noisy_channel.one_edit import first_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from robustness.misspellings.noisy_channel.edit_features import Codes
    from robustness.misspellings.noisy_channel.one_edit import NameEdits

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


def pair_up(edits: NameEdits) -> Codes:
    """Pairs of edits that are applied together, by number; shape (2, pairs), the left edits first."""
    best = first_of(edits.log_p, REACH)
    rank = np.full(len(edits.log_p), REACH + 1)
    rank[best] = np.arange(1, len(best) + 1)
    slips = np.array(list(_slips(edits.name)), dtype=np.int64).reshape(-1, 2).T
    # Slips whose ranks multiply to so little are among the most probable pairs.
    slips = slips[:, rank[slips].prod(axis=0) > REACH]
    pairs = np.concatenate([_ranked(best), slips], axis=1)
    return np.asarray(pairs[:, edits.possible[pairs].all(axis=0) & _apart(pairs)])


def _ranked(best: Codes) -> Codes:
    """Pairs of the most probable edits, from left to right whatever their ranks."""
    pairs = best[_ranks(len(best))]
    places = pairs // WIDTH
    return np.asarray(np.where(places[0] > places[1], pairs[::-1], pairs))


@cache
def _ranks(count: int) -> Codes:
    """Pairs of places in a ranking, from 0, whose product, counted from 1, is at most `REACH`."""
    ranks = np.array(np.triu_indices(count, 1))
    return np.asarray(ranks[:, (ranks[0] + 1) * (ranks[1] + 1) <= REACH])


def _apart(pairs: Codes) -> NDArray[np.bool_]:
    """Which pairs do not touch the same letters.

    Two insertions between the same letters would come in two orders: they are left out.
    """
    places, columns = split(pairs)
    both_insert = (OPERATOR[columns] == INSERTION).all(axis=0)
    return np.asarray(places[1] - places[0] - TAKEN[columns[0]] >= both_insert)


def _slips(name: str) -> Iterator[tuple[int, int]]:
    """Pairs that are one slip of several letters, from left to right; some are not possible."""
    codes = encode(name).tolist()
    # A letter for one that is none is no edit, and so impossible.
    for at, letter in enumerate(codes):
        for partner in range(at + 2, min(at + FARTHEST_SWAP + 1, len(codes))):
            yield at * WIDTH + codes[partner], partner * WIDTH + letter
    for at in range(len(codes) - 1):
        yield at * WIDTH + DROP, (at + 1) * WIDTH + DROP
    for at, letter in enumerate(codes):
        yield from _sounds(at, letter, codes[at + 1 : at + 2])
        if letter in LIQUIDS:
            yield from _jumps(at, letter, len(codes))


def _sounds(at: int, letter: int, following: list[int]) -> Iterator[tuple[int, int]]:
    """A sound that is written with two letters in place of one, or with one in place of two."""
    here = at * WIDTH
    for first, second, one in SOUNDS:
        if letter == one:
            yield here + INSERT + first, here + second
    for first, second, one in SOUNDS:
        if [letter, *following] == [first, second]:
            yield here + one, here + WIDTH + DROP


def _jumps(at: int, letter: int, length: int) -> Iterator[tuple[int, int]]:
    """A liquid that jumps over some letters to the right or to the left."""
    drop = at * WIDTH + DROP
    for over in JUMPS:
        right, left = at + 1 + over, at - over
        if right <= length:
            yield drop, right * WIDTH + INSERT + letter
        if left >= 0:
            yield left * WIDTH + INSERT + letter, drop
