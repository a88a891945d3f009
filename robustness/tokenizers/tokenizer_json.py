"""Tokenizers that are kept in a ``tokenizer.json``, through the `tokenizers` package; needs no torch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class TokenizerJson:
    """A tokenizer read from one file."""

    name: str
    """What reports call it."""
    fingerprint: str
    """SHA-256 of the file, cut at 16 hex digits."""
    backend: Any
    """The `tokenizers.Tokenizer`."""

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text, without special tokens."""
        encoded = self.backend.encode_batch(list(texts), add_special_tokens=False)
        return [encoding.tokens for encoding in encoded]


def load_tokenizer(path: str | Path, *, name: str | None = None) -> TokenizerJson:
    """Read a ``tokenizer.json``, or the one in a folder.

    Args:
        path: The file, or a folder that holds it.
        name: What reports call it; the folder's name when it is not given.

    Raises:
        InputError: There is no such file, or it is not a tokenizer.
    """
    from tokenizers import Tokenizer

    file = Path(path) / "tokenizer.json" if Path(path).is_dir() else Path(path)
    try:
        content = file.read_bytes()
        backend = Tokenizer.from_buffer(content)
    except OSError as error:
        raise InputError(
            "No such tokenizer", where=file, hint="Give a tokenizer.json or its folder."
        ) from error
    except Exception as error:  # the backend raises bare Exception
        raise InputError(
            "Not a tokenizer", where=file, hint="Give a complete tokenizer.json."
        ) from error
    backend.no_padding()
    backend.no_truncation()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return TokenizerJson(name or file.resolve().parent.name, digest, backend)
