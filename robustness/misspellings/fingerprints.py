"""Numbers that tell texts apart without making them: polynomial hashes of what edits make of a name.

Karp and Rabin (1987): the hash of a text is the sum of a code for each character times a power of a base,
here modulo 2**64. Sums over the beginning of a name, what is written and the rest of it give the hash of
any edited name; what the right one of two edits adds is moved by as much as the left one makes the name
longer. Edits leave everything but letters where it is, so that letters alone tell texts apart. Two
different texts share a hash with a chance of about one in 10**19. This module makes no strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE
from robustness.misspellings.numbering import DROP, GROWTH, INSERT, SWAP, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid

    Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_LONGEST = 1024
_POWERS = np.array([pow(_BASE, k, 1 << 64) for k in range(_LONGEST)], dtype=np.uint64)
_BACK = np.uint64(pow(_BASE, -1, 1 << 64))
_SHIFTS = np.array([pow(_BASE, k, 1 << 64) for k in GROWTH.tolist()], dtype=np.uint64)
"""By column: what an edit multiplies the hash of all that follows it by."""
_SPREAD = np.uint64(0xD6E8FEB86659FD93)


def _mixed(points: Hashes) -> Hashes:
    """Codes spread over all 64 bits."""
    spread = (points + np.uint64(1)) * _SPREAD
    return np.asarray((spread ^ (spread >> np.uint64(29))) * _SPREAD)


_OWN = 27
"""The first code that is none of a letter."""
_CODES = _mixed(np.arange(_OWN, dtype=np.uint64))
_PLACED = _POWERS[:, None] * _CODES
"""By place and letter: what a letter adds to the hash of a text; letters that are none included."""
_LETTERS = _PLACED[:, :EDGE]


class Fingerprints:
    """Hashes of the texts that the edits of some names make, alone and in pairs.

    Each name begins with a code of its own, so that what different names are made into differs as texts do.

    Args:
        grid: The edits of names of at most 1,000 characters.
    """

    def __init__(self, grid: EditGrid) -> None:
        names, places = grid.codes.shape
        here = _PLACED[np.arange(places), grid.codes]
        sums = np.empty((names, places + 1), dtype=np.uint64)
        sums[:, 0] = _mixed(np.arange(_OWN, _OWN + names, dtype=np.uint64))
        here.cumsum(axis=1, out=sums[:, 1:])
        sums[:, 1:] += sums[:, :1]
        self._edits = grid.edits
        self._names = sums[:, -1]
        whole, before = sums[:, -1:], sums[:, :-1]
        rest = whole - before
        made = np.empty((names, places, WIDTH), dtype=np.uint64)
        made[:, :, :DROP] = _LETTERS[:places] + (whole - here)[:, :, None]
        made[:, :, DROP] = before + _BACK * (rest - here)
        made[:, :, INSERT:SWAP] = _LETTERS[:places] + (before + _POWERS[1] * rest)[:, :, None]
        made[:, :-1, SWAP] = self._swapped(whole, here)
        # An edit that is none makes the name.
        possible = grid.possible.reshape(made.shape)
        self._single = np.where(possible, made, whole[:, :, None]).ravel()

    def _swapped(self, whole: Hashes, here: Hashes) -> Hashes:
        """Of each name with each letter and the next one in each other's place."""
        one, other = here[:, :-1], here[:, 1:]
        return np.asarray(whole - one - other + _POWERS[1] * one + _BACK * other)

    def single(self) -> Hashes:
        """Of every edit, by number."""
        return self._single

    def paired(self, pairs: Codes) -> Hashes:
        """Of pairs of edits of the same name, the first ones being to the left; shape (2, pairs)."""
        one, other = self._single.take(pairs)
        name = self._names.take(pairs[0] // self._edits)
        return np.asarray(one + _SHIFTS.take(pairs[0] % WIDTH) * (other - name))
