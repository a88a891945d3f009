"""How much like a drug name, by runs of three letters, pairs of edits leave a name.

Each edit moves what follows it and writes a letter or two: what it does to every place is a row of numbers to
be added, and two edits add up. The rows of names of one length are made once. This module knows no weights.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE
from robustness.misspellings.numbering import (
    AFTER,
    GROWTH,
    INSERTION,
    OPERATOR,
    SUBSTITUTION,
    SWAP,
    WIDTH,
    WRITTEN,
    split,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid
    from robustness.misspellings.tables import Scores

    Moves = NDArray[np.int16]

_SHORT = 40
"""Names with so many places are common enough to keep all rows of their length."""
_BEFORE, _BEHIND = 2, 5
"""Edges before and behind a name, so that every place of the longest result has a source."""
_WRITES = np.isin(OPERATOR, (SUBSTITUTION, INSERTION))
"""By column: whether a letter from a to z is written."""
_ALPHABET = np.arange(26, dtype=np.int16)


def pair_fluency(grid: EditGrid, pairs: Codes, trigrams: Scores) -> Scores:
    """Trigram log-probability of what each pair of edits makes of its name.

    Args:
        grid: The edits of the names.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
        trigrams: See `scoring.trigram_model`.
    """
    places = grid.codes.shape[1]
    owners = pairs[0] // grid.edits
    growth = GROWTH.take(pairs % WIDTH)
    left, right = _moves(places, pairs - owners * grid.edits, growth[0])
    left += right
    sources = _sources(grid.codes)
    made = sources.take(left + (owners * sources.shape[1])[:, None]).ravel()
    two = made[:-1] * 27 + made[1:]
    flat = trigrams.ravel()
    # Results stand side by side: from each to the next, and behind the last, there are two runs of edges.
    values = np.full(len(made), flat[-1])
    flat.take(two[:-1] * 27 + made[2:], out=values[:-2], mode="clip")
    sums = values.reshape(left.shape) @ np.ones(left.shape[1])
    # These must not count, nor the edges behind results that are shorter than others.
    edges = 3 + places - grid.counts.take(owners) - growth[0] - growth[1]
    return np.asarray(sums - edges * flat[-1])


def _sources(codes: Codes) -> NDArray[np.int16]:
    """What results are made from, by name: the name with edges around it, and the alphabet."""
    names, places = codes.shape
    sources = np.full((names, _BEFORE + places + _BEHIND + 26), EDGE, dtype=np.int16)
    sources[:, _BEFORE : _BEFORE + places] = codes
    sources[:, -26:] = _ALPHABET
    return sources


def _moves(places: int, pairs: Codes, growth: Codes) -> Moves:
    """Numbers that add up to where in its row of `_sources` each place of a result comes from.

    Args:
        places: How many places a name has.
        pairs: Numbers of the edits; shape (2, pairs).
        growth: How much longer the left edits make it.

    Returns:
        Shape (2, pairs, places): those of the left edits, and those of the right ones.
    """
    if places > _SHORT:
        return np.array([_rows(places, pairs[0], None), _rows(places, pairs[1], growth)])
    rows = pairs.copy()
    rows[1] += (growth + 2) * (places * WIDTH)
    return _all_rows(places).take(rows, axis=0)


@lru_cache(maxsize=_SHORT)
def _all_rows(places: int) -> Moves:
    """The rows of all left edits, and those of all right ones behind a left one that drops, keeps or adds one."""
    numbers = np.arange(places * WIDTH)
    right = [_rows(places, numbers, np.full(len(numbers), growth)) for growth in (-1, 0, 1)]
    return np.concatenate([_rows(places, numbers, None), *right])


def _rows(places: int, numbers: Codes, moved: Codes | None) -> Moves:
    """What some edits do to the places of a result.

    Args:
        places: How many places a name has.
        numbers: The numbers of the edits.
        moved: By how much an edit to the left moved each; None for left edits, which count the places.
    """
    at, columns = (each[:, None] for each in split(numbers))
    here = np.arange(_BEFORE + places + 3)
    begin = _BEFORE + at + (0 if moved is None else moved[:, None])
    swaps = (columns == SWAP).astype(np.int64)
    rows = -GROWTH[columns] * (here >= begin + WRITTEN[columns])
    rows += swaps * (here == begin) - swaps * (here == begin + 1)
    letter = places + _BEHIND + AFTER[columns] - at
    rows = np.where(_WRITES[columns] & (here == begin), letter, rows)
    return (rows + here if moved is None else rows).astype(np.int16)
