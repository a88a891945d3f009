"""X-ray: how a tokenizer cuts correct names and their misspellings, pair by pair.

It describes; it does not say that a cut causes a failure, which needs a control: see
`robustness.attribution.experiment`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.tokenizers.piece_tables import (
    AFTER,
    BEFORE,
    Rows,
    ends_in_common,
    jaccard,
    letters,
    within,
)
from robustness.tokenizers.protocol import Encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from robustness.tokenizers.protocol import IntArray, Tokenizer

CHANGES = ("unchanged", "merged", "split", "mixed")
"""What a misspelling does to the places where a name is cut: nothing, loses some, gains some, or both."""


@dataclass(frozen=True, slots=True)
class XRay:
    """What happens to names when they are misspelled; every array has shape (pairs,)."""

    pieces_correct: IntArray
    """Pieces of the correct name: its fertility."""
    pieces_misspelled: IntArray
    """Pieces of the misspelling."""
    characters: IntArray
    """Characters of the misspelling."""
    strange: IntArray
    """Pieces of the misspelling that are unknown or a byte of a character."""
    common_prefix: IntArray
    """Pieces that both begin with."""
    common_suffix: IntArray
    """Pieces that both end with, without those of the prefix."""
    jaccard: NDArray[np.float64]
    """Jaccard index of the two sets of pieces: 1 all kept, 0 none."""
    change: IntArray
    """Index into `CHANGES`."""
    lost: NDArray[np.bool_]
    """Whether ids of the misspelling, turned into text again, are another text."""
    misplaced: NDArray[np.bool_]
    """Whether offsets of the misspelling's pieces are out of order or leave a visible character out."""
    collisions: tuple[tuple[str, str], ...]
    """Texts that mean different drugs and have the same ids, so that no model can tell them apart: a name
    and another name, or a name and another name's misspelling."""

    @property
    def first_kept(self) -> NDArray[np.bool_]:
        """Whether both begin with the same piece."""
        return self.common_prefix > 0

    @property
    def same_ids(self) -> NDArray[np.bool_]:
        """Whether the model cannot see the misspelling at all."""
        same = self.pieces_correct == self.pieces_misspelled
        unseen: NDArray[np.bool_] = same & (self.common_prefix == self.pieces_correct)
        return unseen


def xray(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> XRay:
    """X-ray a tokenizer.

    Args:
        tokenizer: What to look at.
        pairs: A correct name and one misspelling each.
    """
    names = list(dict.fromkeys(name for name, _ in pairs))
    number = {name: place for place, name in enumerate(names)}
    of_pair = np.array([number[name] for name, _ in pairs], dtype=np.int64)
    texts = [text for _, text in pairs]
    cut = tokenizer.encode([*names, *texts])
    correct, misspelled = _parted(cut, len(names))
    rows = Rows(correct.ids, correct.counts), Rows(misspelled.ids, misspelled.counts)
    before, after = rows[0].table(fill=BEFORE)[of_pair], rows[1].table(fill=AFTER)
    prefix, suffix = ends_in_common(*rows, of_pair)
    ids = misspelled.split()
    return XRay(
        pieces_correct=correct.counts[of_pair],
        pieces_misspelled=misspelled.counts,
        characters=np.fromiter(map(len, texts), dtype=np.int32, count=len(texts)),
        strange=_strange(tokenizer, after),
        common_prefix=prefix,
        common_suffix=suffix,
        jaccard=jaccard(before, after),
        change=_changes((names, texts), (correct, misspelled), of_pair),
        lost=_lost(tokenizer, texts, ids),
        misplaced=_misplaced(texts, misspelled),
        collisions=_collisions(names, correct.split(), pairs, ids),
    )


def _parted(cut: Encoded, first: int) -> tuple[Encoded, Encoded]:
    """The first texts of a batch, and the others."""
    pieces = int(cut.counts[:first].sum())
    return (
        Encoded(cut.ids[:pieces], cut.counts[:first], cut.spans[:pieces]),
        Encoded(cut.ids[pieces:], cut.counts[first:], cut.spans[pieces:]),
    )


def _strange(tokenizer: Tokenizer, table: IntArray) -> IntArray:
    vocabulary = tokenizer.vocabulary
    is_strange = np.zeros(len(vocabulary.pieces) + 2, dtype=bool)  # padding looks up the last two
    is_strange[list(vocabulary.unknown | vocabulary.bytes)] = True
    counted: IntArray = is_strange[table].sum(axis=1, dtype=np.int32)
    return counted


def _changes(
    written: tuple[list[str], list[str]], cuts: tuple[Encoded, Encoded], of_pair: NDArray[np.int64]
) -> IntArray:
    """Which cuts a misspelling loses or gains.

    The letters that both begin and end with are matched; a cut among them is kept when both have it. Cuts
    within or at the edge of what was changed are only counted.
    """
    own, other = letters(written[0]), letters(written[1])
    prefix, suffix = ends_in_common(own, other, of_pair)
    sizes, sizes_after = own.counts[of_pair], other.counts
    starts, starts_after = (Rows(cut.spans[:, 0], cut.counts).table(fill=0) for cut in cuts)
    starts = starts[of_pair]
    place, inside = _matched(starts, sizes, prefix, suffix)
    place_after, inside_after = _matched(starts_after, sizes_after, prefix, suffix)
    lost = ((place != 0) & ~within(place, place_after)).any(axis=1) | (inside > inside_after)
    gained = ((place_after != 0) & ~within(place_after, place)).any(axis=1)
    gained |= inside_after > inside
    code: IntArray = (lost + 2 * gained).astype(np.int32)
    return code


def _matched(
    starts: IntArray, sizes: IntArray, prefix: IntArray, suffix: IntArray
) -> tuple[IntArray, IntArray]:
    """Places of cuts that can be matched, counted from the nearer end, and how many others there are.

    A cut before the change is its distance from the beginning, one after it is minus its distance from
    the end; 0 stands for none.
    """
    left = (starts > 0) & (starts < prefix[:, None])
    right = starts > (sizes - suffix)[:, None]
    place = np.where(left, starts, np.where(right, starts - sizes[:, None], 0))
    others = (starts > 0) & ~left & ~right
    return place.astype(np.int32), others.sum(axis=1, dtype=np.int32)


def _lost(
    tokenizer: Tokenizer, texts: Sequence[str], ids: Sequence[Sequence[int]]
) -> NDArray[np.bool_]:
    """Whether the ids of each text are turned into another text; only what is not plain is decoded."""
    spell = tokenizer.vocabulary.spell
    plain = [
        text.isascii() and text.isalnum() and spell(row) == text
        for text, row in zip(texts, ids, strict=True)
    ]
    open_ = [place for place, known in enumerate(plain) if not known]
    again = tokenizer.decode([ids[place] for place in open_])
    lost = np.zeros(len(texts), dtype=bool)
    lost[open_] = [texts[place] != text for place, text in zip(open_, again, strict=True)]
    return lost


def _collisions(
    names: Sequence[str],
    ids_of_names: Sequence[Sequence[int]],
    pairs: Sequence[tuple[str, str]],
    ids: Sequence[Sequence[int]],
) -> tuple[tuple[str, str], ...]:
    drugs: dict[tuple[int, ...], list[str]] = {}
    for name, row in zip(names, ids_of_names, strict=True):
        drugs.setdefault(tuple(row), []).append(name)
    same_names = {(a, b) for alike in drugs.values() for a in alike for b in alike if a < b}
    misspelled = {
        (other, text)
        for (name, text), row in zip(pairs, ids, strict=True)
        for other in drugs.get(tuple(row), ())
        if other != name
    }
    return tuple(sorted(same_names | misspelled))


def _misplaced(texts: Sequence[str], cut: Encoded) -> NDArray[np.bool_]:
    ends = np.cumsum(cut.counts)
    wrong = np.zeros(len(texts), dtype=bool)
    row = np.repeat(np.arange(len(texts)), cut.counts)
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    start, end = cut.spans[:, 0].astype(np.int64), cut.spans[:, 1].astype(np.int64)
    reached = np.zeros_like(end)
    reached[1:] = np.where(row[1:] == row[:-1], end[:-1], 0)
    backwards = (start < 0) | (end < np.maximum(start, reached)) | (end > sizes[row])
    wrong[row[backwards]] = True
    for piece in np.flatnonzero(start > reached).tolist():
        text = texts[row[piece]]
        wrong[row[piece]] |= _visible(text[reached[piece] : start[piece]])
    last = np.where(cut.counts > 0, np.append(end, 0)[ends - 1], 0)
    for short in np.flatnonzero(last < sizes).tolist():
        wrong[short] |= _visible(texts[short][last[short] :])
    return wrong


def _visible(text: str) -> bool:
    return any(letter.isprintable() and not letter.isspace() for letter in text)
