"""What earlier answers say about misspellings that were not asked yet.

A misspelling resembles another one when its edit stands at a near place, when it begins with the same piece,
or when it is the same in another question about the drug. The echo of a misspelling is the mean disturbance
of those that resemble it, weighted by how much they do (Nadaraya 1964, Watson 1964), drawn towards 0 while
little was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.search.neighbourhood import Neighbourhood

    Array = NDArray[np.float64]

ECHOES = (
    "echo_place",
    "echo_piece",
    "echo_all",
    "same_elsewhere",
    "place_elsewhere",
    "piece_elsewhere",
    "all_elsewhere",
    "same_held_elsewhere",
)
_KERNELS = 3
_REACH = 0.7
"""Edits so many letters apart resemble each other by 1/e."""
_PULL = np.array([0.5, 0.5, 2.0])
"""How many silent answers every echo begins with, by kernel."""


class Resemblance:
    """Which misspellings of one name resemble each other.

    Args:
        near: The neighbourhood.
        first_pieces: Equal numbers for misspellings that begin with the same piece.
    """

    def __init__(self, near: Neighbourhood, first_pieces: NDArray[np.int64]) -> None:
        self._places = np.array([one.edits[0].position for one in near.misspellings], dtype=float)
        self._pieces = first_pieces

    def __len__(self) -> int:
        return len(self._places)

    def to(self, index: int) -> Array:
        """How much every misspelling resembles one, 0 to 1; shape (kernels, misspellings)."""
        apart = np.abs(self._places - self._places[index])
        same_piece = (self._pieces == self._pieces[index]).astype(float)
        return np.stack([np.exp(-apart / _REACH), same_piece, np.ones(len(self))])


class Echo:
    """Sums over the answers to one question, or to all questions about a name."""

    def __init__(self, size: int) -> None:
        self.weight = np.zeros((_KERNELS, size))
        self.sum = np.zeros((_KERNELS, size))
        self.same = np.zeros(size)
        self.held = np.zeros(size)

    def hear(self, resemblance: Array, index: int, disturbance: float) -> None:
        """Take in one answer."""
        self.weight += resemblance
        self.sum += resemblance * disturbance
        self.same[index] = max(self.same[index], disturbance)
        self.held[index] += 1 - disturbance


def echoes(own: Echo, name: Echo) -> Array:
    """The features `ECHOES`, shape (misspellings, features).

    Args:
        own: What the answers to this question say.
        name: What those to all questions about the name say, this one included.
    """
    pull = _PULL[:, None]
    inside = own.sum / (own.weight + pull)
    outside = (name.sum - own.sum) / (name.weight - own.weight + pull)
    # What was asked in this question itself is not asked again, so `same` speaks of other questions.
    return np.vstack([inside, name.same, outside, name.held / (name.held + 1)]).T
