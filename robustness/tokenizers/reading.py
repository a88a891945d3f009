"""Read the file of a tokenizer, and refuse what cannot be one before it fills the memory."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import TYPE_CHECKING

from robustness.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 256 * 1024 * 1024
"""Bytes; the largest vocabularies in use take a tenth of it."""
_HEAD = 4096


LARGEST_ID = 20_000_000
"""The largest vocabularies have less than a million pieces."""


def read_source(path: Path, *, hint: str) -> bytes:
    """The content of a tokenizer's file; a ``.gz`` file is unpacked.

    Args:
        path: The file.
        hint: What to give instead, as a sentence.

    Raises:
        InputError: There is no such file, it is empty or larger than `LARGEST`, or begins with zeros.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise not_a_tokenizer(path, "not a regular file", hint=hint)
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if size > LARGEST or not head.strip(b"\0"):
                raise not_a_tokenizer(path, _reason(size), hint=hint)
            file.seek(0)
            content = file.read()
        if path.suffix != ".gz":
            return content
        with gzip.open(path) as packed:
            content = packed.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise not_a_tokenizer(path, "damaged gzip file", hint=hint) from error
    except OSError as error:
        raise InputError("No such tokenizer", where=path, hint=hint) from error
    if len(content) > LARGEST:
        raise not_a_tokenizer(path, "too large when unpacked", hint=hint)
    return content


def fingerprint(content: bytes) -> str:
    """SHA-256, cut at 16 hex digits."""
    return hashlib.sha256(content).hexdigest()[:16]


def not_a_tokenizer(path: Path, reason: str, *, hint: str) -> InputError:
    """The error for a file that holds something else."""
    return InputError(f"Not a tokenizer ({reason})", where=path, hint=hint)


def _reason(size: int) -> str:
    if size == 0:
        return "the file is empty"
    return f"{size // 2**20} MB are too large" if size > LARGEST else "the file begins with zeros"


def check_largest(number: int) -> None:
    """Complain about an id beyond every vocabulary: lists as long as the largest id would fill the memory.

    Raises:
        InputError: It is larger than `LARGEST_ID`.
    """
    if number > LARGEST_ID:
        raise InputError("Not a tokenizer (an id is too large)", value=number)
