"""The numbers of the edits of a name, and what each makes of it.

An edit's number is ``place * WIDTH + column``; a name has one place more than characters. Columns 0 to 25 write
another letter over the one there, `DROP` leaves it out, `INSERT` and the 25 after it write a letter in front of
it, `SWAP` lets it trade places with the next one. Not every number is a possible edit, see `one_edit`. This
module knows no weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.edits import Edit
from robustness.misspellings.noisy_channel.edit_features import EDGE, LETTERS

if TYPE_CHECKING:
    from robustness.misspellings.noisy_channel.edit_features import Codes

SUBSTITUTION, DELETION, INSERTION, TRANSPOSITION = range(4)
"""Indices into `edit_features.OPERATORS`."""
WIDTH = 54
"""How many edits a place has."""
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


def split(numbers: Codes) -> tuple[Codes, Codes]:
    """Places and columns of some edits."""
    return numbers // WIDTH, numbers % WIDTH


def texts_of_edits(name: str) -> list[str]:
    """What each edit makes of a name in lower case, by number."""
    letters = LETTERS[:EDGE]
    texts: list[str] = []
    for at in range(len(name) + 1):
        head, letter, rest = name[:at], name[at : at + 1], name[at + 1 :]
        texts += [head + other + rest for other in letters]
        texts.append(head + rest)
        texts += [head + other + letter + rest for other in letters]
        texts.append(head + rest[:1] + letter + rest[1:])
    return texts


def texts_of_pairs(texts: list[str], pairs: Codes) -> list[str]:
    """What pairs of edits make: the left edit's text up to the right edit, and the right one's from there.

    Args:
        texts: What each edit makes of the name alone, see `texts_of_edits`.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
    """
    one, other = pairs
    begins = other // WIDTH
    ends = begins + GROWTH[one % WIDTH]
    rows = zip(one.tolist(), other.tolist(), ends.tolist(), begins.tolist(), strict=True)
    return [texts[left][:end] + texts[right][begin:] for left, right, end, begin in rows]


def edit_of(name: str, number: int) -> Edit:
    """A possible edit of a name in words.

    >>> edit_of("metformin", 3 * WIDTH + SWAP)
    Edit(operator='transposition', position=3, before='fo', after='of')
    """
    at, column = divmod(number, WIDTH)
    letter = name[at : at + 1]
    if column < DROP:
        return Edit("substitution", at, letter, LETTERS[column])
    if column == DROP:
        return Edit("deletion", at, letter, "")
    if column == SWAP:
        before = name[at : at + 2]
        return Edit("transposition", at, before, before[::-1])
    after = LETTERS[column - INSERT]
    return Edit("doubling" if letter == after else "insertion", at, "", after)
