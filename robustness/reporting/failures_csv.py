"""The failures as a CSV file, one row each, for a spreadsheet or a data frame.

Cells that a spreadsheet would take for a formula begin with an apostrophe (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from robustness.results.csv_cells import safe_cell
from robustness.visible import visible

if TYPE_CHECKING:
    from robustness.reporting.new_and_fixed import Comparison

COLUMNS = (
    "case_id",
    "severity",
    "verdict",
    "drug",
    "group",
    "name",
    "misspelling",
    "operator",
    "channel",
    "edits",
    "reports",
    "probability",
    "relation",
    "question",
    "answer",
    "score",
    "answer_misspelled",
    "score_misspelled",
    "gold",
    "answered_for",
    "tokens",
    "tokens_misspelled",
    "replay",
)


def csv_report(results: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The failures as CSV text, RFC 4180 with line feeds, the most severe first.

    Args:
        results: What ``audit.json`` holds.
        comparison: Adds a column that says which failures are new.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*COLUMNS, *(["compared"] if comparison else [])])
    new = {row["case_id"] for row in comparison.new} if comparison else set()
    for row in results["failures"]:
        values = {**row, **_answers(row)}
        cells = [_cell(values.get(column)) for column in COLUMNS]
        if comparison:
            cells.append("new" if row["case_id"] in new else "same")
        writer.writerow(cells)
    return buffer.getvalue()


def _answers(row: dict[str, Any]) -> dict[str, Any]:
    before, after = row["answer"] or {}, row["answer_misspelled"] or {}
    return {
        "answer": before.get("text"),
        "score": before.get("score"),
        "answer_misspelled": after.get("text"),
        "score_misspelled": after.get("score"),
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return safe_cell(shown)
