"""Signatures of names: 64 bits that rule out at once that two names are few edits apart.

They have two bits a letter: it occurs, it occurs twice. One edit takes one bit away at most and adds one at most, so
that names whose signatures differ by more are farther apart (a bag distance, Bartolini et al. 2002). That
signatures are alike proves nothing. This module knows no drugs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Bits = NDArray[np.uint64]

_BITS = np.uint64(1) << (np.arange(256, dtype=np.uint64) & np.uint64(31))
_BITS[0] = 0
"""By character in Latin-1: its bit; 0, which fills up short names, has none."""
_TWICE = np.uint64(32)
"""How far the bits of letters that occur twice are from those of letters that occur."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of some names."""

    values: Bits
    sizes: NDArray[np.uint8]
    """How many bits are set in each."""

    @classmethod
    def of(cls, keys: Sequence[str]) -> Self:
        """Those of some names."""
        values = signatures(keys)
        return cls(values, np.bitwise_count(values))

    def part(self, first: int, end: int) -> Signatures:
        """Those of the names from one on, up to another one."""
        return Signatures(self.values[first:end], self.sizes[first:end])

    def least(self, ours: np.uint64) -> NDArray[np.uint8]:
        """How many edits each of these is away from one of ours at least."""
        most = np.maximum(self.sizes, np.bitwise_count(ours))
        most -= np.bitwise_count(self.values & ours)
        return most


def signature(key: str) -> np.uint64:
    """The signature of one name; faster than `signatures` for a single one."""
    seen = twice = 0
    for point in key.encode("latin-1", "replace"):
        bit = 1 << (point & 31)
        twice |= seen & bit
        seen |= bit
    return np.uint64(seen | twice << 32)


def signatures(keys: Sequence[str]) -> Bits:
    """The signature of each of some names."""
    width = max(map(len, keys), default=0) + 1
    joined = "".join([key.ljust(width, "\0") for key in keys])
    points = np.frombuffer(joined.encode("latin-1", "replace"), dtype=np.uint8)
    bits = _BITS.take(points).reshape(-1, width)
    seen = np.bitwise_or.accumulate(bits, axis=1)
    twice = np.bitwise_or.reduce(seen[:, :-1] & bits[:, 1:], axis=1)
    return np.asarray(seen[:, -1] | twice << _TWICE)
