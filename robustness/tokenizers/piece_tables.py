"""Compare the pieces of many pairs of texts at once: one row a pair, padded to the longest.

The two tables of a comparison are padded with different values, so that padding never counts as equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from robustness.tokenizers.protocol import IntArray

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]

BEFORE, AFTER = -1, -2
"""What the tables of correct names and of misspellings are padded with."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Lists of values of different lengths, one after another."""

    values: IntArray
    """All values, shape (values,)."""
    counts: IntArray
    """How many values each row has, shape (rows,)."""

    def table(self, *, fill: int, right: bool = False) -> IntArray:
        """The rows as a table, shape (rows, longest), each at its left or right end."""
        width = int(self.counts.max(initial=0))
        counts, places = self.counts[:, None], np.arange(width)
        table = np.full((len(self.counts), width), fill, dtype=np.int32)
        table[places >= width - counts if right else places < counts] = self.values
        return table


def letters(texts: Sequence[str]) -> Rows:
    """The code points of texts."""
    stream = "".join(texts).encode("utf-32-le")
    counts = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    return Rows(np.frombuffer(stream, dtype=np.int32), counts)


def ends_in_common(
    before: Rows, after: Rows, of_pair: NDArray[np.int64]
) -> tuple[IntArray, IntArray]:
    """How many values two rows begin and end with alike, the ends without the beginnings.

    Args:
        before: Rows of the correct names.
        after: Rows of the misspellings, one a pair.
        of_pair: Which row of `before` each pair has.
    """
    left = before.table(fill=BEFORE)[of_pair], after.table(fill=AFTER)
    right = before.table(fill=BEFORE, right=True)[of_pair], after.table(fill=AFTER, right=True)
    prefix = _equal(*left)
    rest = np.minimum(before.counts[of_pair], after.counts) - prefix
    return prefix, np.minimum(_equal(right[0][:, ::-1], right[1][:, ::-1]), rest)


def _equal(before: IntArray, after: IntArray) -> IntArray:
    width = min(before.shape[1], after.shape[1])
    equal = before[:, :width] == after[:, :width]
    length: IntArray = np.logical_and.accumulate(equal, axis=1).sum(axis=1, dtype=np.int32)
    return length


def within(values: IntArray, rows: IntArray) -> BoolArray:
    """Whether each value stands anywhere in the same row of another table."""
    found = np.zeros(values.shape, dtype=bool)
    for column in range(values.shape[1]):
        found[:, column] = (rows == values[:, column, None]).any(axis=1)
    return found


def first_of_its_kind(values: IntArray) -> BoolArray:
    """Whether each value stands in no earlier column of its row."""
    found = np.ones(values.shape, dtype=bool)
    for column in range(1, values.shape[1]):
        found[:, column] = (values[:, :column] != values[:, column, None]).all(axis=1)
    return found


def jaccard(before: IntArray, after: IntArray) -> FloatArray:
    """Size of the common set of two rows over the size of both together (Jaccard 1901); 1 for none."""
    kept = first_of_its_kind(before) & (before >= 0)
    common = (within(before, after) & kept).sum(axis=1)
    distinct = (first_of_its_kind(after) & (after >= 0)).sum(axis=1)
    union = kept.sum(axis=1) + distinct - common
    return np.where(union > 0, common / np.maximum(union, 1), 1.0)
