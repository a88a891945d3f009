"""What a tokenizer does to correct names: names of one piece, look-alikes one piece apart, and its whims.

A whim is a change of writing that readers ignore: capitals, Tall Man letters, the Unicode form of an
accent, a space before the name, the place in a sentence.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.tokenizers.piece_tables import Rows, ends_in_common

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.tokenizers.protocol import Encoded, Tokenizer

_ACUTE = "\N{COMBINING ACUTE ACCENT}"
_BEFORE, _BEHIND = "What is ", " used for?"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Shares of names that change when they are written in another way, 0 to 1."""

    other_pieces: float
    """Share of names that get other ids."""
    other_cuts: float
    """Share of names that are cut between other letters."""
    names: int
    """How many names were looked at."""


def sensitivities(
    tokenizer: Tokenizer, names: Sequence[str], tall_man: Mapping[str, str]
) -> dict[str, Sensitivity]:
    """How sensitive a tokenizer is to ways of writing that mean the same.

    Args:
        tokenizer: What to look at.
        names: Correct names in lower case.
        tall_man: Tall Man letters by name.

    Returns:
        By kind: ``capital`` (first letter), ``capitals`` (all letters), ``tall_man``, ``unicode_form`` (an
        accent on the first vowel, composed or combining), ``leading_space`` (alone or behind a space), and
        ``sentence_position`` (at the beginning or inside of a sentence).
    """
    tall = [name for name in names if name in tall_man]
    accented = [each for each in map(_accented, names) if each]
    inside = [f"{_BEFORE}{name}{_BEHIND}" for name in names]
    first = [f"{name} is a drug." for name in names]
    width, at = [len(name) for name in names], len(_BEFORE)
    return {
        "capital": _compared(tokenizer, names, [name.capitalize() for name in names]),
        "capitals": _compared(tokenizer, names, [name.upper() for name in names]),
        "tall_man": _compared(tokenizer, tall, [tall_man[name] for name in tall]),
        "unicode_form": _compared(
            tokenizer, accented, [unicodedata.normalize("NFD", name) for name in accented]
        ),
        "leading_space": _compared(tokenizer, names, [f" {name}" for name in names], (0, 1), width),
        "sentence_position": _compared(tokenizer, first, inside, (0, at), width),
    }


def single_pieces(tokenizer: Tokenizer, names: Sequence[str]) -> list[str]:
    """Names that are one piece of the vocabulary, alone or behind a space."""
    alone = tokenizer.encode(names).counts == 1
    behind = tokenizer.encode([f" {name}" for name in names]).counts == 1
    return [name for name, one in zip(names, (alone | behind).tolist(), strict=True) if one]


def one_piece_apart(
    tokenizer: Tokenizer, look_alikes: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Pairs of names whose pieces are the same, in the same order, but for one piece of either."""
    if not look_alikes:
        return []
    cut = [tokenizer.encode([pair[side] for pair in look_alikes]) for side in (0, 1)]
    rows = [Rows(one.ids, one.counts) for one in cut]
    prefix, suffix = ends_in_common(rows[0], rows[1], np.arange(len(look_alikes)))
    rest = np.maximum(rows[0].counts, rows[1].counts) - prefix - suffix
    shared = (prefix + suffix) > 0
    return [
        pair for pair, one in zip(look_alikes, ((rest == 1) & shared).tolist(), strict=True) if one
    ]


def _compared(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    others: Sequence[str],
    offsets: tuple[int, int] = (0, 0),
    widths: Sequence[int] | None = None,
) -> Sensitivity:
    """Compare the pieces of stretches of two lists of texts, letter by letter from their offsets."""
    if not texts:
        return Sensitivity(0.0, 0.0, 0)
    before = _stretches(tokenizer.encode(texts), texts, offsets[0], widths)
    after = _stretches(tokenizer.encode(others), others, offsets[1], widths)
    pieces = sum(a[0] != b[0] for a, b in zip(before, after, strict=True))
    cuts = sum(a[1] != b[1] for a, b in zip(before, after, strict=True))
    return Sensitivity(pieces / len(texts), cuts / len(texts), len(texts))


def _stretches(
    cut: Encoded, texts: Sequence[str], offset: int, widths: Sequence[int] | None
) -> list[tuple[list[int], list[int]]]:
    """Ids and inner cuts of each text's stretch that begins at `offset`; accents are not counted."""
    found, at = [], 0
    spans = cut.spans.tolist()
    for row, ids in enumerate(cut.split()):
        own = spans[at : at + len(ids)]
        end = offset + widths[row] if widths else max((e for _, e in own), default=0)
        kept = [
            (one, sum(not unicodedata.combining(letter) for letter in texts[row][offset:start]))
            for one, (start, stop) in zip(ids, own, strict=True)
            if stop > offset and start < end
        ]
        found.append(([one for one, _ in kept], [start for _, start in kept if start > 0]))
        at += len(ids)
    return found


def _accented(name: str) -> str:
    """The name with an acute accent on its first vowel, composed; empty where it has none.

    >>> _accented("metformin")
    'métformin'
    """
    place = next((i for i, letter in enumerate(name) if letter in "aeiou"), None)
    if place is None:
        return ""
    return unicodedata.normalize("NFC", f"{name[: place + 1]}{_ACUTE}{name[place + 1 :]}")
