"""SentencePiece models (``*.model``), through the `sentencepiece` package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.errors import MissingPackageError
from robustness.tokenizers.protocol import Encoded, Vocabulary, encoded, pieces_of
from robustness.tokenizers.reading import fingerprint, not_a_tokenizer, read_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_THREADS = 2
_HINT = "Give a complete SentencePiece model."


@dataclass(frozen=True, slots=True)
class SentencePieceTokenizer:
    """A tokenizer whose work is done by the `sentencepiece` package."""

    name: str
    """What reports call it."""
    fingerprint: str
    """SHA-256 of its file, cut at 16 hex digits."""
    backend: Any
    """The `SentencePieceProcessor`."""
    vocabulary: Vocabulary
    """The pieces that it can make; a space is written ``▁``."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts."""
        found = self.backend.encode(list(texts), return_type="offset_mapping", num_threads=_THREADS)
        return encoded([one["ids"] for one in found], (one["offsets"] for one in found))

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text that each list of ids stands for."""
        texts: list[str] = self.backend.decode([list(row) for row in ids], num_threads=_THREADS)
        return texts

    def normalise(self, text: str) -> str:
        """The text as it is before it is cut, with ``▁`` for spaces."""
        return str(self.backend.normalize(text))

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text as the vocabulary writes them."""
        return pieces_of(self, texts)


def load_sentencepiece(file: Path, *, name: str) -> SentencePieceTokenizer:
    """Read a SentencePiece model.

    Raises:
        InputError: There is no such file, or it is not a SentencePiece model.
        MissingPackageError: The `sentencepiece` package is not installed.
    """
    content = read_source(file, hint=_HINT)
    try:
        from sentencepiece import SentencePieceProcessor
    except ImportError as error:
        raise MissingPackageError(
            "SentencePiece models need the package sentencepiece",
            hint="Run: pip install 'medqa-robustness[sentencepiece]'.",
        ) from error
    try:
        backend = SentencePieceProcessor(model_proto=content)
    except RuntimeError as error:
        raise not_a_tokenizer(file, "not a SentencePiece model", hint=_HINT) from error
    return SentencePieceTokenizer(name, fingerprint(content), backend, _vocabulary(backend))


def _vocabulary(backend: Any) -> Vocabulary:
    ids = range(backend.get_piece_size())
    return Vocabulary(
        pieces=tuple(backend.id_to_piece(list(ids))),
        family="SentencePiece",
        unknown=frozenset({backend.unk_id()}),
        bytes=frozenset(i for i in ids if backend.is_byte(i)),
        special=frozenset(i for i in ids if backend.is_control(i)),
    )
