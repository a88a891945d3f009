"""The port that every tokenizer is reached through, and the batch of cut texts that it returns.

Special tokens are never added: everything here is about the text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    IntArray = NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that a tokenizer can make."""

    pieces: tuple[str, ...]
    """By id, as the vocabulary writes them; the empty string for an id that is not in use."""
    family: str
    """Kind of tokenizer, for example ``WordPiece``."""
    continuation: str = ""
    """What a piece that goes on inside a word begins with, for example ``##``."""
    unknown: frozenset[int] = frozenset()
    """Ids that stand for any text that has no piece."""
    bytes: frozenset[int] = frozenset()
    """Ids that stand for one byte of a character that has no piece."""
    special: frozenset[int] = frozenset()
    """Ids that stand for no text."""

    @cached_property
    def ids(self) -> dict[str, int]:
        """Ids by piece, without special, unknown and unused ones."""
        hidden = self.special | self.unknown
        return {p: i for i, p in enumerate(self.pieces) if p and i not in hidden}

    def spell(self, ids: Sequence[int]) -> str:
        """What the ids are turned into, where that is their pieces one after another; else nothing.

        So it is for the pieces of one word, and for pieces of bytes. It saves the decoder's work.
        """
        found = [self.pieces[one] for one in ids]
        if not self.continuation:
            return "".join(found) if self.family == "byte-level BPE" else ""
        if not all(piece.startswith(self.continuation) for piece in found[1:]):
            return ""
        return "".join(found[:1] + [piece[len(self.continuation) :] for piece in found[1:]])

    def __len__(self) -> int:
        return sum(piece != "" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch of texts cut into pieces, all pieces one after another."""

    ids: IntArray
    """Id of each piece, shape (pieces,)."""
    counts: IntArray
    """Pieces of each text, shape (texts,)."""
    spans: IntArray
    """Characters of its text that each piece covers, start and exclusive end, shape (pieces, 2)."""

    def split(self) -> list[list[int]]:
        """The ids of each text."""
        ids, ends = self.ids.tolist(), np.cumsum(self.counts).tolist()
        return [ids[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def encoded(ids: Sequence[Sequence[int]], spans: Iterable[Sequence[tuple[int, int]]]) -> Encoded:
    """Put the ids and spans of each text together."""
    flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32)
    places = chain.from_iterable(chain.from_iterable(spans))
    return Encoded(
        ids=flat,
        counts=np.fromiter(map(len, ids), dtype=np.int32, count=len(ids)),
        spans=np.fromiter(places, dtype=np.int32).reshape(len(flat), 2),
    )


class Tokenizer(Protocol):
    """Cuts texts into pieces of a vocabulary."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def fingerprint(self) -> str:
        """Changes when any of its files does."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The pieces that it can make."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts."""

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text that each list of ids stands for."""

    def normalise(self, text: str) -> str:
        """The text as it is before it is cut."""

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text as the vocabulary writes them."""


def pieces_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[str]]:
    """The pieces of each text as the vocabulary writes them."""
    written = tokenizer.vocabulary.pieces
    return [[written[i] for i in ids] for ids in tokenizer.encode(texts).split()]
