"""The tokenizer inside a GGUF file, read from the file's head without the weights.

The format is that of ggml's ``docs/gguf.md``, versions 2 and 3, little-endian. The reader of the `gguf`
package takes seconds for a vocabulary and maps the whole file; this one reads the few values that make
the tokenizer. Byte-level BPE and the SentencePiece BPE of Llama are known; other kinds are an error.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from robustness.errors import InputError, nearest
from robustness.tokenizers.reading import fingerprint, not_a_tokenizer
from robustness.tokenizers.split_patterns import GGUF_PATTERNS
from robustness.tokenizers.tokenizer_json import FastTokenizer, wrap

if TYPE_CHECKING:
    from pathlib import Path

_HINT = "Give a complete GGUF file of a language model."
_NUMBERS = {
    0: "B",
    1: "b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING, _ARRAY = 8, 9
_LONGEST = 16 * 1024 * 1024
"""Bytes of one string, or values of one array: more is a damaged file."""
_CONTROL = 3
"""The type of a token that stands for no text."""


def load_gguf(file: Path, *, name: str) -> FastTokenizer:
    """Read the tokenizer of a GGUF file.

    Raises:
        InputError: There is no such file, it is truncated or no GGUF file, or its tokenizer is of
            another kind.
    """
    if file.exists() and not file.is_file():
        raise not_a_tokenizer(file, "not a regular file", hint=_HINT)
    try:
        with file.open("rb") as stream:
            values = _read(stream)
    except OSError as error:
        raise InputError("No such tokenizer", where=file, hint=_HINT) from error
    except (ValueError, struct.error) as error:
        raise not_a_tokenizer(file, f"{error}"[:80], hint=_HINT) from error
    kind, split = values.get("model"), values.get("pre", "default")
    if kind not in ("gpt2", "llama") or not values.get("tokens"):
        raise not_a_tokenizer(file, f"a GGUF file with a tokenizer of kind {kind!r}", hint=_HINT)
    if kind == "gpt2" and split not in GGUF_PATTERNS:
        hint = f"Give its tokenizer.json. {nearest(str(split), GGUF_PATTERNS)}"
        raise InputError("Unknown way to split words", where=file, value=split, hint=hint)
    try:
        backend = _byte_level(values, str(split)) if kind == "gpt2" else _llama(values)
    except Exception as error:  # the package raises bare Exception
        raise not_a_tokenizer(file, "an incomplete vocabulary", hint=_HINT) from error
    digest = fingerprint(repr(sorted(values.items())).encode())
    return wrap(backend, name=name, fingerprint=digest)


def _read(stream: BinaryIO) -> dict[str, Any]:
    """The values under ``tokenizer.ggml``."""
    if stream.read(4) != b"GGUF":
        raise ValueError("no GGUF file")
    version, _, count = struct.unpack("<IQQ", _take(stream, 20))
    if version not in (2, 3):
        raise ValueError(f"GGUF version {version}")
    values: dict[str, Any] = {}
    for _ in range(count):
        key = _value(stream, _STRING)
        value = _value(stream, struct.unpack("<I", _take(stream, 4))[0])
        if key.startswith("tokenizer.ggml."):
            values[key.removeprefix("tokenizer.ggml.")] = value
    return values


def _value(stream: BinaryIO, kind: int) -> Any:
    if kind in _NUMBERS:
        return struct.unpack(_NUMBERS[kind], _take(stream, struct.calcsize(_NUMBERS[kind])))[0]
    if kind == _STRING:
        return _take(stream, _length(stream)).decode("utf-8", errors="surrogateescape")
    if kind != _ARRAY:
        raise ValueError(f"value of unknown type {kind}")
    inner, length = struct.unpack("<I", _take(stream, 4))[0], _length(stream)
    if inner == _STRING:
        return [_value(stream, inner) for _ in range(length)]
    if inner not in _NUMBERS:
        raise ValueError(f"an array of values of unknown type {inner}")
    code = _NUMBERS[inner].removeprefix("<")
    packed = _take(stream, length * struct.calcsize(_NUMBERS[inner]))
    return list(struct.unpack(f"<{length}{code}", packed))


def _length(stream: BinaryIO) -> int:
    length = int(struct.unpack("<Q", _take(stream, 8))[0])
    if length > _LONGEST:
        raise ValueError("a string or array longer than any vocabulary")
    return length


def _take(stream: BinaryIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) != size:
        raise ValueError("the file ends too early")
    return found


def _byte_level(values: dict[str, Any], split: str) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

    vocabulary = {piece: number for number, piece in enumerate(values["tokens"])}
    merges = [tuple(merge.split(" ", 1)) for merge in values["merges"]]
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    splits = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in GGUF_PATTERNS[split]]
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.pre_tokenizer = pre_tokenizers.Sequence([*splits, byte_level])
    backend.decoder = decoders.ByteLevel()
    _mark_special(backend, values)
    return backend


def _llama(values: dict[str, Any]) -> Any:
    """SentencePiece merges the neighbours that make the piece with the best score (Kudo 2018)."""
    from tokenizers import Tokenizer, decoders, models, normalizers

    tokens, scores = values["tokens"], values["scores"]
    vocabulary = {piece: number for number, piece in enumerate(tokens)}
    ranked = sorted(range(len(tokens)), key=lambda number: (-scores[number], number))
    merges = [
        (tokens[number][:at], tokens[number][at:])
        for number in ranked
        for at in range(1, len(tokens[number]))
        if tokens[number][:at] in vocabulary and tokens[number][at:] in vocabulary
    ]
    unknown = tokens[values.get("unknown_token_id", 0)]
    backend = Tokenizer(
        models.BPE(
            vocab=vocabulary, merges=merges, unk_token=unknown, fuse_unk=True, byte_fallback=True
        )
    )
    prefix = [normalizers.Prepend("▁")] if values.get("add_space_prefix", True) else []
    backend.normalizer = normalizers.Sequence([*prefix, normalizers.Replace(" ", "▁")])
    strip = [decoders.Strip(" ", 1, 0)] if prefix else []
    backend.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *strip]
    )
    _mark_special(backend, values)
    return backend


def _mark_special(backend: Any, values: dict[str, Any]) -> None:
    from tokenizers import AddedToken

    kinds = values.get("token_type", [])
    control = [t for t, kind in zip(values["tokens"], kinds, strict=False) if kind == _CONTROL]
    backend.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in control]
    )
