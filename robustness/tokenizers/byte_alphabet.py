"""Bytes as printable characters, the way GPT-2 writes them, and the characters that byte pieces cover.

Vocabularies of bytes are shown in this alphabet, so that pieces of all byte-level tokenizers read alike:
a space is ``Ġ``, and the letters of plain English are themselves.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from robustness.tokenizers.protocol import Encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.tokenizers.protocol import IntArray


@cache
def byte_alphabet() -> tuple[str, ...]:
    """The character of each byte, by value."""
    shown = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    by_byte = dict(zip(shown, map(chr, shown), strict=True))
    by_byte |= {byte: chr(256 + place) for place, byte in enumerate(hidden)}
    return tuple(by_byte[byte] for byte in range(256))


def written(piece: bytes) -> str:
    """A piece of bytes in the alphabet.

    >>> written(" café".encode())
    'ĠcafÃ©'
    """
    alphabet = byte_alphabet()
    return "".join([alphabet[byte] for byte in piece])


def encoded_bytes(texts: Sequence[str], ids: Sequence[Sequence[int]], lengths: IntArray) -> Encoded:
    """Work out which characters the pieces of a byte-exact tokenizer cover.

    Args:
        texts: What was cut.
        ids: The pieces of each text; their bytes, one after another, are the text's.
        lengths: Bytes of each piece, by id.

    Returns:
        The batch. A piece that holds a part of a character covers all of it.
    """
    counts = np.fromiter(map(len, ids), dtype=np.int32, count=len(ids))
    flat = np.fromiter((one for row in ids for one in row), dtype=np.int32, count=int(counts.sum()))
    stream = np.frombuffer("".join(texts).encode(), dtype=np.uint8)
    character = np.cumsum((stream & 0xC0) != 0x80) - 1  # of each byte, over all texts
    ends = np.cumsum(lengths[flat], dtype=np.int64)
    first = character[ends - lengths[flat]] if len(flat) else ends
    last = character[ends - 1] + 1 if len(flat) else ends
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    offset = np.repeat(np.cumsum(sizes) - sizes, counts)
    spans = np.stack([first - offset, last - offset], axis=1).astype(np.int32)
    return Encoded(flat, counts, spans)
