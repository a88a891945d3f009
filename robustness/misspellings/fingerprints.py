"""Numbers that tell texts apart without making them: polynomial hashes of what edits make of a name.

Karp and Rabin (1987): the hash of a text is the sum of a code for each character times a power of a base,
here modulo 2**64. Sums over the beginning of a name, what is written and the rest of it give the hash of
any edited name. Two different texts share a hash with a chance of about one in 10**19. This module
makes no strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE, LETTERS
from robustness.misspellings.scoring import LENGTHS, TRANSPOSITION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid

    Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_LONGEST = 1024
_POWERS = np.array([pow(_BASE, k, 1 << 64) for k in range(_LONGEST)], dtype=np.uint64)
_SHIFTS = np.array([pow(_BASE, k, 1 << 64) for k in (-1, 0, 1)], dtype=np.uint64)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_CHANGES = np.array([1, 0, 2, 1])
"""Index into `_SHIFTS` of each operator: a deletion moves what follows to the left."""


def _mixed(points: Hashes) -> Hashes:
    """Character codes spread over all 64 bits."""
    spread = (points + np.uint64(1)) * _SPREAD
    return np.asarray((spread ^ (spread >> np.uint64(29))) * _SPREAD)


_WRITTEN = _mixed(np.array([ord(letter) for letter in LETTERS], dtype=np.uint64))
_WRITTEN[EDGE] = 0  # nothing is written


class Fingerprints:
    """Hashes of the texts that the edits of a name make, alone and in pairs.

    Args:
        name: At most 1,000 characters, in lower case.
        grid: The edits of this name.
    """

    def __init__(self, name: str, grid: EditGrid) -> None:
        points = np.frombuffer(name.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        codes = _mixed(points)
        placed = codes * _POWERS[: len(codes)]
        sums = np.concatenate([[np.uint64(0)], np.cumsum(placed, dtype=np.uint64)])
        begin, end = grid.position, grid.position + LENGTHS[grid.operator]
        written = _WRITTEN[grid.after] * _POWERS[begin]
        swapped = (grid.operator == TRANSPOSITION).nonzero()[0]
        at = begin[swapped]
        written[swapped] = codes[at + 1] * _POWERS[at] + codes[at] * _POWERS[at + 1]
        self.name = sums[-1]
        self._begin, self._end = sums[begin], sums[end]
        self._shift = _SHIFTS[_CHANGES[grid.operator]]
        self._tail = written + self._shift * (sums[-1] - self._end)
        self._written = written

    def single(self) -> Hashes:
        """Of every edit."""
        return np.asarray(self._begin + self._tail)

    def paired(self, one: Codes, other: Codes) -> Hashes:
        """Of pairs of edits, ``other`` being to the right of ``one``."""
        between = self._begin[other] - self._end[one]
        head = self._begin[one] + self._written[one]
        return np.asarray(head + self._shift[one] * (between + self._tail[other]))
