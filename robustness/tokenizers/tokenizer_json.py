"""Tokenizers of the `tokenizers` package: a ``tokenizer.json``, and what others are turned into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.tokenizers.byte_alphabet import byte_alphabet
from robustness.tokenizers.protocol import Encoded, Vocabulary, encoded, pieces_of
from robustness.tokenizers.reading import check_largest, fingerprint, not_a_tokenizer, read_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HINT = "Give a complete tokenizer.json or its folder."


@dataclass(frozen=True, slots=True)
class FastTokenizer:
    """A tokenizer whose work is done by the `tokenizers` package."""

    name: str
    """What reports call it."""
    fingerprint: str
    """SHA-256 of its file, cut at 16 hex digits."""
    backend: Any
    """The `tokenizers.Tokenizer`, without padding and truncation."""
    vocabulary: Vocabulary
    """The pieces that it can make."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts, in parallel where the package's settings allow it."""
        found = self.backend.encode_batch(list(texts), add_special_tokens=False)
        return encoded([one.ids for one in found], (one.offsets for one in found))

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text that each list of ids stands for; an unknown piece stays visible."""
        lists = [list(row) for row in ids]
        texts: list[str] = self.backend.decode_batch(lists, skip_special_tokens=False)
        return texts

    def normalise(self, text: str) -> str:
        """The text as it is before it is cut."""
        normaliser = self.backend.normalizer
        return str(normaliser.normalize_str(text)) if normaliser else text

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text as the vocabulary writes them."""
        return pieces_of(self, texts)


def load_tokenizer_json(file: Path, *, name: str) -> FastTokenizer:
    """Read a ``tokenizer.json``.

    Raises:
        InputError: There is no such file, or it is not a tokenizer.
    """
    from tokenizers import Tokenizer

    content = read_source(file, hint=_HINT)
    try:
        backend = Tokenizer.from_buffer(content)
    except Exception as error:  # the package raises bare Exception
        raise not_a_tokenizer(file, "not a complete tokenizer.json", hint=_HINT) from error
    return wrap(backend, name=name, fingerprint=fingerprint(content))


def wrap(backend: Any, *, name: str, fingerprint: str) -> FastTokenizer:
    """Put a `tokenizers.Tokenizer` behind the protocol, without padding and truncation."""
    backend.no_padding()
    backend.no_truncation()
    return FastTokenizer(name, fingerprint, backend, _vocabulary(backend))


def _vocabulary(backend: Any) -> Vocabulary:
    by_piece = backend.get_vocab(with_added_tokens=True)
    largest = max(by_piece.values(), default=-1)
    check_largest(largest)
    pieces = [""] * (largest + 1)
    for piece, number in by_piece.items():
        pieces[number] = piece
    added = backend.get_added_tokens_decoder()
    unknown = backend.token_to_id(getattr(backend.model, "unk_token", None) or "<unk>")
    byte_level = "ByteLevel" in f"{backend.pre_tokenizer!r}{backend.decoder!r}"
    return Vocabulary(
        pieces=tuple(pieces),
        family=_family(backend, byte_level=byte_level),
        continuation=getattr(backend.model, "continuing_subword_prefix", None) or "",
        unknown=frozenset() if unknown is None or byte_level else frozenset({unknown}),
        bytes=_fallback(by_piece, byte_level=byte_level),
        special=frozenset(number for number, token in added.items() if token.special),
    )


def _fallback(by_piece: dict[str, int], *, byte_level: bool) -> frozenset[int]:
    """Pieces of one byte that is no character of its own."""
    names = byte_alphabet()[128:] if byte_level else tuple(f"<0x{byte:02X}>" for byte in range(256))
    return frozenset(by_piece[name] for name in names if name in by_piece)


def _family(backend: Any, *, byte_level: bool) -> str:
    kind = type(backend.model).__name__
    if kind == "BPE":
        return "byte-level BPE" if byte_level else "character BPE"
    return kind
