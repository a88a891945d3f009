"""Byte-pair encodings kept as ranks: tiktoken files and encodings, and Mistral's tekken files.

A rank file says which bytes are merged first, but not how a text is split into words before; the pattern
for that comes with the encoding's name, see `split_patterns`.
"""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.errors import InputError, MissingPackageError, nearest
from robustness.tokenizers.byte_alphabet import encoded_bytes, written
from robustness.tokenizers.protocol import Encoded, Vocabulary, pieces_of
from robustness.tokenizers.reading import check_largest, fingerprint, not_a_tokenizer, read_source
from robustness.tokenizers.split_patterns import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from robustness.tokenizers.protocol import IntArray

_RANKS_HINT = "Give a file with a token in base64 and its rank on each line."
_TEKKEN_HINT = "Give a complete tekken.json."


@dataclass(frozen=True, slots=True)
class RankTokenizer:
    """A byte-level BPE whose work is done by the `tiktoken` package."""

    name: str
    """What reports call it."""
    fingerprint: str
    """SHA-256 of its ranks and pattern, cut at 16 hex digits."""
    backend: Any
    """The `tiktoken.Encoding`, without special tokens."""
    vocabulary: Vocabulary
    lengths: IntArray
    """Bytes of each piece, by id."""
    first: int = 0
    """The id of rank 0; special tokens may come before it."""
    composed: bool = False
    """Whether texts are put into Unicode form NFC first."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut texts."""
        normal = [self.normalise(text) for text in texts]
        # One call a text: the package's own batches spend ten times as long on starting threads.
        ranks = [self.backend.encode_ordinary(text) for text in normal]
        found = encoded_bytes(normal, ranks, self.lengths)
        spans = found.spans if normal == list(texts) else _original(texts, found)
        return Encoded(found.ids + np.int32(self.first), found.counts, spans)

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text that each list of ids stands for."""
        ranks = [[one - self.first for one in row] for row in ids]
        return [self.backend.decode(row) for row in ranks]

    def normalise(self, text: str) -> str:
        """The text as it is before it is cut."""
        return unicodedata.normalize("NFC", text) if self.composed else text

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text, bytes written as in `byte_alphabet`."""
        return pieces_of(self, texts)


def load_rank_file(file: Path, *, name: str, pattern: str | None) -> RankTokenizer:
    """Read a tiktoken rank file, packed with gzip or not.

    Args:
        file: Its name tells the pattern, unless `pattern` does.
        name: What reports call it.
        pattern: A key of `PATTERNS`.

    Raises:
        InputError: There is no such file, it holds no ranks, or the pattern is unknown.
        MissingPackageError: The `tiktoken` package is not installed.
    """
    kind = pattern or file.name.removesuffix(".gz").removesuffix(".tiktoken")
    if kind not in PATTERNS:
        raise InputError(
            "A rank file does not say how to split words",
            value=kind,
            where=file,
            hint=f"Add the encoding's name, as in {file.name}#cl100k_base. {nearest(kind, PATTERNS)}",
        )
    content = read_source(file, hint=_RANKS_HINT)
    try:
        lines = (line.split() for line in content.splitlines() if line)
        ranks = {base64.b64decode(token, validate=True): int(rank) for token, rank in lines}
    except (ValueError, binascii.Error) as error:
        raise not_a_tokenizer(file, "not a list of ranks", hint=_RANKS_HINT) from error
    backend = _backend(file, ranks, PATTERNS[kind])
    digest = fingerprint(content + kind.encode())
    return _wrap(backend, ranks, name, digest, composed=kind.startswith("qwen"))


def load_tekken(file: Path, *, name: str) -> RankTokenizer:
    """Read a Mistral tekken file.

    Raises:
        InputError: There is no such file, or it is no complete tekken file.
        MissingPackageError: The `tiktoken` package is not installed.
    """
    content = read_source(file, hint=_TEKKEN_HINT)
    try:
        saved = json.loads(content)
        config = saved["config"]
        first = int(config["default_num_special_tokens"])
        kept = saved["vocab"][: int(config["default_vocab_size"]) - first]
        ranks = {base64.b64decode(one["token_bytes"]): int(one["rank"]) for one in kept}
        pattern = str(config["pattern"])
    except (ValueError, KeyError, TypeError) as error:
        raise not_a_tokenizer(file, "not a tekken file", hint=_TEKKEN_HINT) from error
    return _wrap(_backend(file, ranks, pattern), ranks, name, fingerprint(content), first=first)


def load_encoding(encoding: str, *, name: str) -> RankTokenizer:
    """An encoding that the `tiktoken` package knows by name; it fetches ranks once and caches them.

    Raises:
        InputError: There is no such encoding, or its ranks cannot be fetched.
        MissingPackageError: The `tiktoken` package is not installed.
    """
    tiktoken = _tiktoken()
    known = tiktoken.list_encoding_names()
    if encoding not in known:
        raise InputError("No such encoding", value=encoding, hint=nearest(encoding, known))
    try:
        backend = tiktoken.get_encoding(encoding)
    except (OSError, ValueError) as error:  # requests raises children of OSError
        raise InputError(
            "The ranks of the encoding cannot be fetched",
            value=encoding,
            hint="Give a file instead: FILE.tiktoken, named after its encoding.",
        ) from error
    ranks = {token: backend.encode_single_token(token) for token in backend.token_byte_values()}
    digest = fingerprint(b"".join(backend.token_byte_values()) + encoding.encode())
    return _wrap(backend, ranks, name, digest)


def _backend(file: Path, ranks: dict[bytes, int], pattern: str) -> Any:
    missing = any(bytes([byte]) not in ranks for byte in range(256))
    if missing or len(set(ranks.values())) != len(ranks) or min(ranks.values()) < 0:
        reason = "a byte has no rank, or two pieces have the same"
        raise not_a_tokenizer(file, reason, hint=_RANKS_HINT)
    tiktoken = _tiktoken()
    try:
        return tiktoken.Encoding(
            file.name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={}
        )
    except (ValueError, OverflowError) as error:
        raise not_a_tokenizer(file, str(error)[:80], hint=_RANKS_HINT) from error


def _wrap(
    backend: Any,
    ranks: dict[bytes, int],
    name: str,
    digest: str,
    *,
    first: int = 0,
    composed: bool = False,
) -> RankTokenizer:
    size = max(ranks.values()) + 1
    check_largest(first + size)
    pieces = [""] * (first + size)
    lengths = np.zeros(size, dtype=np.int32)
    for piece, rank in ranks.items():
        pieces[first + rank] = written(piece)
        lengths[rank] = len(piece)
    parts = frozenset(first + ranks[bytes([byte])] for byte in range(0x80, 0x100))
    vocabulary = Vocabulary(tuple(pieces), "byte-level BPE", bytes=parts)
    return RankTokenizer(name, digest, backend, vocabulary, lengths, first, composed)


def _original(texts: Sequence[str], found: Encoded) -> IntArray:
    """Spans in composed texts (NFC) as spans in the texts that they were made from."""
    spans, at = found.spans.copy(), 0
    for text, count in zip(texts, found.counts.tolist(), strict=True):
        places = _composed_places(text)
        for row in spans[at : at + count]:
            row[0], row[1] = places[row[0]][0], places[row[1] - 1][1]
        at += count
    return spans


def _composed_places(text: str) -> list[tuple[int, int]]:
    """Which characters of a text each character of its composed form comes from."""
    if not text:
        return []
    starts = [i for i, letter in enumerate(text) if not i or not unicodedata.combining(letter)]
    parts = list(zip(starts, [*starts[1:], len(text)], strict=True))
    composed = [unicodedata.normalize("NFC", text[start:end]) for start, end in parts]
    whole = unicodedata.normalize("NFC", text)
    if "".join(composed) != whole:  # letters that compose with each other, as in Korean
        return [(0, len(text))] * len(whole)
    return [part for part, made in zip(parts, composed, strict=True) for _ in made]


def _tiktoken() -> Any:
    try:
        import tiktoken
    except ImportError as error:
        raise MissingPackageError(
            "Rank files need the package tiktoken",
            hint="Run: pip install 'medqa-robustness[tiktoken]'.",
        ) from error
    return tiktoken
