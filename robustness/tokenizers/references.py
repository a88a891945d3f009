"""Two references that were not trained: one piece a byte, and one piece a character.

Between them lies every trained tokenizer: they lose nothing and merge nothing, so a misspelling changes
exactly the letters that it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from robustness.tokenizers.byte_alphabet import byte_alphabet, encoded_bytes
from robustness.tokenizers.protocol import Encoded, Vocabulary, encoded, pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLANE = 0x10000
"""Characters beyond the basic plane are unknown to the character reference."""


@dataclass(frozen=True)
class ByteTokenizer:
    """One piece a byte of UTF-8."""

    name: str = "bytes"
    """What reports call it."""
    fingerprint: str = "bytes:1"
    """There are no files."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """256 bytes."""
        return Vocabulary(byte_alphabet(), "bytes", bytes=frozenset(range(0x80, 0x100)))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts."""
        return encoded_bytes(texts, [text.encode() for text in texts], np.ones(256, dtype=np.int32))

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text of each list of bytes."""
        return [bytes(row).decode(errors="replace") for row in ids]

    def normalise(self, text: str) -> str:
        """The text itself."""
        return text

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The bytes of each text as `byte_alphabet` writes them."""
        return pieces_of(self, texts)


@dataclass(frozen=True)
class CharacterTokenizer:
    """One piece a character."""

    name: str = "characters"
    """What reports call it."""
    fingerprint: str = "characters:1"
    """There are no files."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The basic plane of Unicode, and an unknown piece."""
        pieces = (*map(chr, range(_PLANE)), "[UNK]")
        return Vocabulary(pieces, "characters", unknown=frozenset({_PLANE}))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts."""
        ids = [[min(ord(letter), _PLANE) for letter in text] for text in texts]
        return encoded(ids, ([(i, i + 1) for i in range(len(text))] for text in texts))

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text of each list of characters."""
        return ["".join(self.vocabulary.pieces[one] for one in row) for row in ids]

    def normalise(self, text: str) -> str:
        """The text itself."""
        return text

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The characters of each text."""
        return pieces_of(self, texts)
