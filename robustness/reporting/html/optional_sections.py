"""Sections that only some audits have: the gate's rules, attribution, must-differ cases, invented names.

They take what the results hold and ignore what they do not know, so that older and newer results can be
shown too. A list of records becomes a table whose columns are the keys of its records, those with a known
meaning first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.reporting import wording
from robustness.reporting.html.sections import MOST_ROWS, Table, counted_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEFT_OUT = ("case_id", "case_ids", "confused", "leaflet", "tokens", "tokens_misspelled")
_ORDER = (
    *("origin", "drugs", "name", "written", "relation", "question", "questions", "options"),
    *("gold", "golds", "answer", "answers", "answered_for", "wrong_about"),
)
_LAST = ("replay",)
_TITLES = {"golds": "Right answers", "gold": "Right answer", "wrong_about": "Wrong about"}
_EMPTY = "\N{EN DASH}"
_ARMS = {
    "misspelled": "The name misspelled",
    "resegmented": "The same letters, cut another way",
    "other_word": "Another word misspelled the same way",
}


def gate_rules(gate: dict[str, Any]) -> Table:
    """Every rule with its threshold, what was seen, and what that decides."""
    rows = []
    for rule in gate["rules"]:
        about = f" ({rule['slice']})" if rule.get("slice") else ""
        more = rule.get("more_pairs")
        rows.append(
            [
                rule["metric"].replace("_", " ") + about,
                wording.percent(rule["threshold"]),
                wording.bounds(rule),
                rule["decision"]
                + (", a warning only" if rule.get("severity") == "warning" else "")
                + (f"; {more:,} more pairs would decide" if more else ""),
            ]
        )
    columns = ["Rule", "Threshold", "Seen, with interval", "Decision"]
    return Table(wording.counted(len(rows), "rule"), columns, rows)


def arms(attribution: dict[str, Any]) -> Table:
    """How often answers change in each arm of the control for segmentation."""
    found = attribution.get("arms") or {}
    rows = [
        [_ARMS.get(name, wording.value_words(name)), wording.interval(arm)]
        for name, arm in found.items()
    ]
    return Table("Answers that differ from the baseline, by arm", ["Arm", "Flip rate"], rows)


def confused(rows: Sequence[dict[str, Any]]) -> Table:
    """Questions about two look-alikes, with the drugs that got the other one's answer."""
    shown = [
        row
        | {
            "wrong_about": [
                drug for drug, bad in zip(row["drugs"], row["confused"], strict=False) if bad
            ]
        }
        if {"drugs", "confused"} <= row.keys()
        else row
        for row in rows
    ]
    return records(shown, "confused question")


def records(rows: Sequence[Any], noun: str) -> Table:
    """Records of any shape as a table, without columns that hold nothing; texts alone become one column."""
    shown = [row if isinstance(row, dict) else {noun: row} for row in rows[:MOST_ROWS]]
    keys = [
        key
        for key in dict.fromkeys(key for row in shown for key in row)
        if key not in _LEFT_OUT
        and not key.endswith("fingerprint")
        and any(_text(row.get(key)) != _EMPTY for row in shown)
    ]
    keys.sort(key=_place)
    cells = [[_text(row.get(key)) for key in keys] for row in shown]
    return Table(counted_rows(len(rows), noun), [_title(key) for key in keys], cells)


def _place(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER) + (key in _LAST)


def _title(key: str) -> str:
    return _TITLES.get(key) or key.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if value is None or value in ("", [], ()):
        return _EMPTY
    if isinstance(value, dict):
        return str(value.get("text", value))
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return str(value)
