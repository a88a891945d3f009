"""A file of questions: its rows, its bad rows, and the hash by which it is known again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.errors import InputError
from robustness.files import read_regular
from robustness.questions.files.fields import counted_from, parse_row
from robustness.questions.files.records import read_records

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.questions.files.fields import Row


MOST_BYTES = 500_000_000
"""Of a file of questions."""


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """What a file holds."""

    path: Path
    kind: str
    """``squad``, ``jsonl``, ``json``, ``csv`` or ``parquet``."""
    sha256: str
    """Hash of its bytes, 64 hex digits."""
    rows: tuple[Row, ...]
    bad_rows: tuple[tuple[str, str], ...]
    """Place of each row that cannot be used, and why."""


def read_questions(path: Path, *, skip_bad_rows: bool = False) -> QuestionFile:
    """Read a file of questions.

    Args:
        path: SQuAD JSON, JSON lines, JSON, CSV or Parquet, whatever its name.
        skip_bad_rows: List bad rows instead of raising on the first one.

    Raises:
        InputError: The file cannot be read or has no usable row, or a row is bad; the message names
            file, row and field.
        MissingPackageError: It is a Parquet file and pyarrow is not installed.
    """
    content = read_regular(path, most_bytes=MOST_BYTES)
    kind, records = read_records(path, content)
    cop_from = counted_from(records)
    rows: list[Row] = []
    bad: list[tuple[str, str]] = []
    for record in records:
        try:
            rows.append(parse_row(record, cop_from=cop_from))
        except InputError as error:
            if not skip_bad_rows:
                hint = f"{error.hint} Or leave bad rows out: --skip-bad-rows.".strip()
                raise InputError(
                    error.what, where=f"{path}, {record.place}", value=error.value, hint=hint
                ) from error
            bad.append((record.place, str(error).removeprefix(f"{record.place}: ")))
    if not rows:
        raise InputError("The file has no row that can be used", where=path, hint="Mend its rows.")
    return QuestionFile(path, kind, hashlib.sha256(content).hexdigest(), tuple(rows), tuple(bad))
