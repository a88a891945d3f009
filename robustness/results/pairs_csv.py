"""``pairs.csv``: every pair of an audit with its verdict, so that two audits can be compared pair by pair.

The file holds no answers; those of the pairs that changed are in ``audit.json``.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from robustness.errors import InputError
from robustness.files import read_regular, whole_file
from robustness.results.csv_cells import read_cell, safe_cell
from robustness.results.severity import severity

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.results.outcome import Outcome
    from robustness.results.slices import Slices

FILE_NAME = "pairs.csv"
MOST_BYTES = 2_000_000_000
COLUMNS = ("case_id", "drug", "misspelling", "verdict", "severity", "baseline_right", "right")
"""Columns of every audit; its slices follow, one column each."""


class PairRows(Sequence[dict[str, str]]):
    """One row a pair, in the order of the plan; a row is made when it is looked at, for there may be millions.

    Args:
        outcomes: What was seen.
        slices: The value of an outcome, by the name of the slice.
    """

    def __init__(self, outcomes: Sequence[Outcome], slices: Slices) -> None:
        self._outcomes, self._slices = outcomes, slices

    def __len__(self) -> int:
        return len(self._outcomes)

    @overload
    def __getitem__(self, index: int) -> dict[str, str]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, str]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, str] | list[dict[str, str]]:
        if isinstance(index, slice):
            return [self._row(outcome) for outcome in self._outcomes[index]]
        return self._row(self._outcomes[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _row(self, outcome: Outcome) -> dict[str, str]:
        case = outcome.pair.case
        return {
            "case_id": case.id,
            "drug": outcome.pair.drug.name,
            "misspelling": case.name,
            "verdict": outcome.judgement.verdict.value,
            "severity": severity(outcome.pair.drug, outcome.judgement),
            "baseline_right": _written(outcome.judgement.baseline_right),
            "right": _written(outcome.judgement.right),
            **{name: value_of(outcome) for name, value_of in self._slices.items()},
        }


def write_pairs(rows: Sequence[dict[str, str]], folder: Path) -> Path:
    """Write ``pairs.csv``, whole or not at all.

    Raises:
        OutputError: It cannot be written.
    """
    with whole_file(folder / FILE_NAME) as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: safe_cell(v) for k, v in row.items()} for row in rows)
    return folder / FILE_NAME


def read_pairs(folder: Path) -> list[dict[str, str]] | None:
    """The rows of ``pairs.csv``, or None when the folder has none.

    Raises:
        InputError: The file is damaged.
    """
    path = folder / FILE_NAME
    if not os.path.lexists(path):
        return None
    content = read_regular(path, most_bytes=MOST_BYTES)
    try:
        with io.StringIO(content.decode(), newline="") as file:
            rows: list[dict[Any, Any]] = list(csv.DictReader(file, strict=True))
    except (ValueError, csv.Error) as error:
        raise InputError(f"Not the pairs of an audit ({error})", where=path) from error
    bad = [n for n, row in enumerate(rows, 2) if None in row or None in row.values()]
    if bad or (rows and not set(COLUMNS) <= set(rows[0])):
        raise InputError(
            "Not the pairs of an audit",
            where=f"{path}, line {bad[0] if bad else 1}",
            hint="Run the audit again.",
        )
    return [{key: read_cell(value) for key, value in row.items()} for row in rows]


def _written(value: bool) -> str:  # noqa: FBT001
    return "yes" if value else "no"
