"""From the bytes of a file to records: one mapping of field names to values for each question.

The kind of file follows from its content, never from its name. A line that cannot be read is a record
with a problem instead of values, so that the rest can still be used. What the fields mean is not told here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError, MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 10_000_000
"""Characters of a line or cell; longer ones are taken for damage."""
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: no text that can be stored."""
_DELIMITERS = (",", "\t", ";")
_KINDS = "SQuAD JSON, JSON lines, CSV with the column 'question', or Parquet"


@dataclass(frozen=True, slots=True)
class Record:
    """One question as the file writes it."""

    place: str
    """Where it stands: ``line 7``, ``row 7`` or a path into the JSON."""
    values: dict[str, Any]
    """Values by field name, lower case; empty where there is a problem."""
    problem: str = ""
    """Why it cannot be read."""


def read_records(path: Path, content: bytes) -> tuple[str, list[Record]]:
    """Read all records of a file.

    Args:
        path: Its name, for messages.
        content: What it holds.

    Returns:
        The kind of file (``squad``, ``jsonl``, ``json``, ``csv``, ``parquet``) and its records.

    Raises:
        InputError: The file as a whole cannot be read.
        MissingPackageError: It is a Parquet file and pyarrow is not installed.
    """
    if content.startswith(b"PAR1"):
        return "parquet", _parquet(path, content)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("The file is UTF-16", where=path, hint="Save it as UTF-8.")
    content = content.removeprefix(b"\xef\xbb\xbf")
    start = content.lstrip()[:1]
    if not start:
        raise InputError("The file is empty", where=path, hint=f"Give {_KINDS}.")
    return _json(path, content) if start in (b"{", b"[") else ("csv", _csv(path, content))


def _json(path: Path, content: bytes) -> tuple[str, list[Record]]:
    try:
        whole = _parsed(content)
    except ValueError as error:
        lines = list(_json_lines(content))
        if all(record.problem for record in lines):
            raise InputError(f"Not JSON ({error})", where=path, hint=f"Give {_KINDS}.") from error
        return "jsonl", lines
    if isinstance(whole, dict) and isinstance(whole.get("data"), list):
        return "squad", list(_squad(whole["data"]))
    rows = whole if isinstance(whole, list) else [whole]
    records = [_record(f"row {number}", row) for number, row in enumerate(rows, start=1)]
    if not records:
        raise InputError("The file has no rows", where=path, hint=f"Give {_KINDS}.")
    return ("json" if isinstance(whole, list) else "jsonl"), records


def _parsed(content: bytes) -> Any:
    """What a JSON text says; whatever is wrong with it is a `ValueError`."""
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _json_lines(content: bytes) -> Iterator[Record]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        place = f"line {number}"
        if not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            yield Record(place, {}, f"the line has {len(line):,} bytes")
            continue
        try:
            yield _record(place, _parsed(line))
        except UnicodeDecodeError as error:
            yield Record(place, {}, f"not UTF-8 (byte {error.start + 1} of the line)")
        except ValueError as error:
            yield Record(place, {}, f"not JSON ({error})")


def _record(place: str, value: Any) -> Record:
    if not isinstance(value, dict):
        return Record(place, {}, f"no object but {type(value).__name__}")
    return Record(place, {str(key).strip().lower(): each for key, each in value.items()})


def _squad(articles: list[Any]) -> Iterator[Record]:
    """The questions of a SQuAD file (versions 1.1 and 2.0), each with its paragraph."""
    for a, article in enumerate(articles):
        here = f"data[{a}]"
        if not isinstance(article, dict) or not isinstance(article.get("paragraphs"), list):
            yield Record(here, {}, "no list 'paragraphs'")
            continue
        for p, paragraph in enumerate(article["paragraphs"]):
            place = f"{here}.paragraphs[{p}]"
            if not isinstance(paragraph, dict) or not isinstance(paragraph.get("qas"), list):
                yield Record(place, {}, "no list 'qas'")
                continue
            for q, question in enumerate(paragraph["qas"]):
                record = _record(f"{place}.qas[{q}]", question)
                shared = {"context": paragraph.get("context"), "in_context": True}
                yield (
                    record
                    if record.problem
                    else Record(record.place, _answerable(record.values) | shared)
                )


def _answerable(values: dict[str, Any]) -> dict[str, Any]:
    if values.get("is_impossible") is True:
        return values | {"answers": {"text": []}}
    answers = values.get("answers")
    if isinstance(answers, list) and all(isinstance(each, dict) for each in answers):
        return values | {"answers": [each.get("text") for each in answers]}
    return values


def _csv(path: Path, content: bytes) -> list[Record]:
    text = content.decode("utf-8", "surrogateescape")  # bytes that are none become half characters
    first = text.partition("\n")[0]
    for delimiter in _DELIMITERS:
        names = [cell.strip().strip('"').lower() for cell in first.split(delimiter)]
        if "question" in names:
            return list(_csv_rows(text, delimiter, names))
    raise InputError("Unknown kind of file", where=path, value=first, hint=f"Give {_KINDS}.")


def _csv_rows(text: str, delimiter: str, names: list[str]) -> Iterator[Record]:
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        next(reader)
        line = reader.line_num + 1
        for cells in reader:
            place, line = f"line {line}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                yield Record(place, {}, f"{len(cells)} cells, the header has {len(names)}")
                continue
            if any(map(HALF_CHARACTER.search, cells)):
                yield Record(place, {}, "not UTF-8")
                continue
            filled = zip(names, cells, strict=True)
            yield Record(place, {name: cell for name, cell in filled if cell.strip()})
    except csv.Error as error:
        yield Record(f"line {line}", {}, f"malformed from here to the end ({error})")
    finally:
        csv.field_size_limit(limit)


def _parquet(path: Path, content: bytes) -> list[Record]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingPackageError(
            "Parquet files need pyarrow",
            where=path,
            hint="Install it: pip install 'medqa-robustness[parquet]'.",
        ) from error
    try:
        rows = pq.read_table(io.BytesIO(content)).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            f"Damaged Parquet file ({reason})", where=path, hint="Write it again."
        ) from error
    if not rows:
        raise InputError("The file has no rows", where=path, hint=f"Give {_KINDS}.")
    return [_record(f"row {number}", row) for number, row in enumerate(rows, start=1)]
