"""The numbers of the edits of a name: one for every place and everything that can be done there.

An edit's number is ``place * WIDTH + column``. Columns 0 to 25 write another letter over the one there, `DROP`
leaves it out, `WIDTH // 2` and the 25 after it write a letter in front of it, `SWAP` lets it trade places
with the next one. So a number means the same in every name, one row of a table holds the weights of all
edits of a place, and what an edit does is a look-up by its column. Of several names each has its numbers behind
those of the name before. This module knows no letters and no weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.factors import EDGE

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes

SUBSTITUTION, DELETION, INSERTION, TRANSPOSITION = range(4)
"""Indices into `factors.OPERATORS`."""
WIDTH = 54
"""How many edits a place has; a name has one place more than characters."""
DROP, INSERT, SWAP = 26, 27, 53
"""The columns of the deletion, of the first insertion and of the transposition."""
COLUMNS = {
    "substitution": slice(0, DROP),
    "deletion": slice(DROP, INSERT),
    "insertion": slice(INSERT, SWAP),
    "transposition": slice(SWAP, WIDTH),
}
"""The columns of each operator."""
OPERATOR = np.repeat(np.arange(4), (26, 1, 26, 1))
"""By column: the operator."""
AFTER = np.array([*range(26), EDGE] * 2)
"""By column: code of the letter written, `EDGE` for deletions and transpositions."""
TAKEN = np.array([1, 1, 0, 2])[OPERATOR]
"""By column: how many characters of the name an edit takes away."""
WRITTEN = np.array([1, 0, 1, 2])[OPERATOR]
"""By column: how many it writes."""
GROWTH = WRITTEN - TAKEN
"""By column: how much longer it makes the name."""

INSERTED = (OPERATOR == INSERTION).astype(np.int64)
"""By column: 1 for insertions."""


def by_name(owners: Codes, names: int) -> Codes:
    """Indices that put what belongs to the first of some names first, and keep the order of each name's own.

    Args:
        owners: Index of the name that each thing belongs to.
        names: How many names there are.
    """
    # Small types are sorted by their digits, which is soonest.
    return np.asarray(owners.astype(np.min_scalar_type(names)).argsort(kind="stable"))


def split(numbers: Codes) -> tuple[Codes, Codes]:
    """Places and columns of some edits."""
    places = numbers // WIDTH
    return places, numbers - places * WIDTH
