"""Find, read and validate the CSV tables of `fixtures/drug_names`.

Every row goes through a pydantic model; a bad row is an `InputError` that names file, line, column,
value and what is allowed. This module knows nothing about what the tables mean.
"""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from robustness.errors import InputError

TABLES = ("abbreviations", "answer_words", "drugs", "lookalikes", "misspellings", "names", "stems")


class Row(BaseModel):
    """One row of a table: unknown columns are errors, cells are stripped and frozen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


RowT = TypeVar("RowT", bound=Row)


def table_path(table: str) -> Path:
    """The CSV file of a table, from the installed package or from a checkout.

    Args:
        table: One of `TABLES`.

    Raises:
        InputError: The file is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "fixtures", package.parent / "fixtures"):
        path = folder / "drug_names" / f"{table}.csv"
        if path.is_file():
            return path
    raise InputError(
        "Table not found",
        value=f"{table}.csv",
        hint="Reinstall the package; the tables ship inside it.",
    )


def read_table(path: Path, row_type: type[RowT]) -> list[RowT]:
    """Read and validate a CSV file with a header line.

    Args:
        path: A UTF-8 file whose header holds exactly the fields of `row_type`.
        row_type: The pydantic model of one row.

    Returns:
        The rows, in the order of the file.

    Raises:
        InputError: The file is missing, empty, not UTF-8, has the wrong header or a bad row.
    """
    lines = _lines(path)
    reader = csv.reader(lines, strict=True)
    rows: list[RowT] = []
    try:
        header = next(reader, None)
        _check_header(path, header, list(row_type.model_fields))
        assert header is not None
        for cells in reader:
            rows.append(_parse(path, reader.line_num, header, cells, row_type))
    except csv.Error as error:
        raise InputError(
            f"Malformed CSV ({error})", where=f"{path}, line {reader.line_num}", hint="Quote cells."
        ) from error
    if not rows:
        raise InputError("The table has no rows", where=path, hint="Add at least one row.")
    return rows


@cache
def table_versions() -> dict[str, str]:
    """The first 12 hex digits of each shipped table's SHA-256, by table name."""
    return {
        table: hashlib.sha256(table_path(table).read_bytes()).hexdigest()[:12] for table in TABLES
    }


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError as error:
        raise InputError("No such table", where=path, hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError("The table is not UTF-8", where=path, hint="Save it as UTF-8.") from error
    except OSError as error:
        raise InputError(
            f"The table cannot be read ({error.strerror})", where=path, hint="Check the path."
        ) from error


def _check_header(path: Path, header: list[str] | None, fields: list[str]) -> None:
    if not header:
        raise InputError(
            "The table is empty", where=path, hint=f"Start it with the line {','.join(fields)}"
        )
    if header != fields:
        raise InputError(
            "Wrong header",
            where=f"{path}, line 1",
            value=",".join(header),
            hint=f"It must be {','.join(fields)}",
        )


def _parse(
    path: Path, line: int, header: list[str], cells: list[str], row_type: type[RowT]
) -> RowT:
    where = f"{path}, line {line}"
    if len(cells) != len(header):
        raise InputError(
            f"The row has {len(cells)} cells", where=where, hint=f"It needs {len(header)}."
        )
    try:
        return row_type.model_validate(dict(zip(header, cells, strict=True)))
    except ValidationError as error:
        first = error.errors()[0]
        column = str(first["loc"][0]) if first["loc"] else "row"
        raise InputError(
            f"Bad value in column {column!r}",
            where=where,
            value=first["input"] if first["loc"] else cells,
            hint=f"{first['msg']}.",
        ) from error
