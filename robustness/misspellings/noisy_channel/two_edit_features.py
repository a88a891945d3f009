"""What the score of a pair of edits depends on.

People do not make two edits independently: the score of a pair is a weighted sum of its edits' one-edit
log-probabilities, of how much like a drug name the result looks, of the gap between them, and of the flags
that hold for it. A multi-letter edit (see `two_edits`) is one slip, so that the probabilities of its halves
say less. This module does not choose pairs and knows no weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.misspellings.noisy_channel.edit_features import EDGE, LETTERS, encode
from robustness.misspellings.noisy_channel.edit_index import (
    AFTER,
    DELETION,
    INSERTION,
    OPERATOR,
    SUBSTITUTION,
    TAKEN,
    split,
)
from robustness.misspellings.noisy_channel.two_edits import LIQUIDS, SOUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings.noisy_channel.edit_features import Codes
    from robustness.misspellings.noisy_channel.one_edit import NameEdits, Scores

_SIZES = (
    "log-probability",
    "less probable edit",
    "log-probability, multi-letter",
    "fluency",
)
GAPS = ("touching", "1 apart", "2 apart", "3 apart", "farther")
"""How many characters lie between the edits."""
FLAGS = (
    "multi-letter",
    "letters swapped",
    "letter moved",
    "liquid moved",
    "last two dropped",
    "sound",
    "same letter written",
    "i and y",
    "final e dropped",
)
PAIR_FACTORS = (*_SIZES, *GAPS, *FLAGS)
"""The columns of what `pair_features` gives."""
_SOUND = np.zeros((27, 27, 27), dtype=bool)
"""Whether two letters, the first two indices, sound like one."""
_SOUND[tuple(np.array(SOUNDS).T)] = True
_I, _Y, _E = (LETTERS.index(letter) for letter in "iye")


def pair_features(edits: NameEdits, pairs: Codes, texts: list[str], trigrams: Scores) -> Scores:
    """What is known of each pair that `two_edits.pair_up` gave.

    Args:
        edits: The edits of the name.
        pairs: Numbers of the left and of the right edits; shape (2, pairs).
        texts: What the pairs make of the name.
        trigrams: See `one_edit.trigram_model`.

    Returns:
        One row a pair, with a column for each of `PAIR_FACTORS`.
    """
    left, right = edits.log_p[pairs]
    places, columns = split(pairs)
    gap = np.minimum(places[1] - places[0] - TAKEN[columns[0]], len(GAPS) - 1)
    flags = _flags(edits.name, pairs, gap == 0)
    both = left + right
    sizes = np.array([both, np.minimum(left, right), flags[0] * both, fluency(texts, trigrams)])
    return np.vstack([sizes, np.eye(len(GAPS))[:, gap], flags]).T


def fluency(texts: list[str], trigrams: Scores) -> Scores:
    """Trigram log-probability of each of some texts, with two edges on either side."""
    if not texts:
        return np.zeros(0)
    codes = encode("##".join(["", *texts, ""]))
    runs = trigrams[codes[:-2], codes[1:-1], codes[2:]]
    # From the edges before a text to those behind it there are two runs more than characters.
    begins = np.cumsum([0, *(len(text) + 2 for text in texts[:-1])])
    return np.asarray(np.add.reduceat(runs, begins))


def _flags(name: str, pairs: Codes, touching: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of `FLAGS` hold for each pair; shape (flags, pairs)."""
    places, columns = split(pairs)
    operators, after = OPERATOR[columns], AFTER[columns]
    before = np.where(operators == INSERTION, EDGE, np.append(encode(name), EDGE)[places])
    (one, other), (old, old2), (new, new2) = operators, before, after
    undone = (old == new2) & (new == old2)
    swapped = undone & (one == SUBSTITUTION) & (other == SUBSTITUTION)
    moved = undone & (
        ((one == DELETION) & (other == INSERTION)) | ((one == INSERTION) & (other == DELETION))
    )
    liquid = moved & np.isin(np.minimum(old, new), LIQUIDS)
    dropped = touching & (one == DELETION) & (other == DELETION)
    joined = _SOUND[old, old2, new] & (new2 == EDGE)
    parted = _SOUND[new, new2, old2] & (old == EDGE)
    sound = touching & (joined | parted)
    same = (one == SUBSTITUTION) & (other == SUBSTITUTION) & (new == new2)
    i_and_y = (((before == _I) & (after == _Y)) | ((before == _Y) & (after == _I))).any(axis=0)
    at_end = places[1] == len(name) - 1
    final_e = at_end & (other == DELETION) & (old2 == _E)
    multi = swapped | moved | dropped | sound
    return np.array(
        [multi, swapped, moved, liquid, dropped & at_end, sound, same, i_and_y, final_e]
    )
