"""What the shorter sections of the report show: tables as rows of text, ready to be put out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.reporting import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_DRUGS = 20
MOST_ROWS = 500
"""Rows of a table that are shown; the caption counts all."""
_TABLE_METRICS = ("flip_rate", "wrong_drug", "baseline_accuracy")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report; the first cell of a row is its header."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the four numbers, with its interval on a scale from 0 to 100."""

    title: str
    meaning: str
    rate: dict[str, Any] | None
    low: float = 0
    width: float = 0
    middle: float = 0


def headlines(overall: dict[str, Any]) -> list[Headline]:
    """The four numbers to read first."""
    found = []
    for metric, meaning in wording.HEADLINES:
        rate, title = overall[metric], wording.METRIC_TITLES[metric]
        if rate is None:
            found.append(Headline(title, meaning, None))
            continue
        low, high = round(rate["low"] * 100, 2), round(rate["high"] * 100, 2)
        width = round(max(0.4, high - low), 2)
        found.append(Headline(title, meaning, rate, low, width, round(rate["estimate"] * 99.6, 2)))
    return found


def slice_tables(rates: dict[str, Any]) -> list[Table]:
    """The numbers behind the plots: one table a slice, and the heat map's."""
    columns = [wording.METRIC_TITLES[metric] for metric in _TABLE_METRICS]
    tables = []
    for name, values in sorted(rates["by"].items()):
        title = wording.SLICE_TITLES.get(name, name)
        rows = [
            [
                wording.value_words(value),
                *(wording.interval(found.get(metric)) for metric in _TABLE_METRICS),
            ]
            for value, found in wording.ordered(name, values)
        ]
        tables.append(Table(f"By {title.lower()}, 95 % intervals", [title, *columns], rows))
    cells = rates.get("grid", {}).get("cells", {})
    rows = [
        [
            wording.value_words(group),
            channel,
            wording.interval(found["flip_rate"]),
            wording.interval(found["wrong_drug"]),
        ]
        for group, by_channel in sorted(cells.items())
        for channel, found in sorted(by_channel.items())
    ]
    if rows:
        head = ["Drug group", "Channel", *columns[:2]]
        tables.append(Table("By drug group and channel, 95 % intervals", head, rows))
    return tables


def worst_drugs(failures: Sequence[dict[str, Any]]) -> Table:
    """Drugs with the most critical changes, then with the most changes."""
    changed = Counter(row["drug"] for row in failures if row["severity"] != "none")
    critical = Counter(row["drug"] for row in failures if row["severity"] == "critical")
    other = Counter(row["drug"] for row in failures if row["verdict"] == "wrong_drug")
    order = sorted(changed, key=lambda drug: (-critical[drug], -changed[drug], drug))[:_MOST_DRUGS]
    rows = [[d, str(critical[d]), str(other[d]), str(changed[d])] for d in order]
    caption = f"{len(order)} of {len(changed)} drugs whose answers changed"
    return Table(
        caption, ["Drug", "Critical", "Another drug's answer", "All changed answers"], rows
    )


def collisions(rejected: Sequence[dict[str, Any]]) -> Table:
    """Misspellings that were rejected."""
    rows = [[row["text"], row["intended"], row["other"], row["channel"]] for row in rejected]
    caption = counted_rows(len(rows), "rejected misspelling")
    return Table(caption, ["Written", "Meant", "Could be", "Channel"], rows[:MOST_ROWS])


def counted_rows(total: int, noun: str) -> str:
    """A caption that says how many rows there are, and when some are left out.

    >>> counted_rows(1, "rejected misspelling")
    '1 rejected misspelling'
    >>> counted_rows(9000, "skipped row")
    '500 of 9,000 skipped rows; all are in audit.json'
    """
    if total > MOST_ROWS:
        return f"{MOST_ROWS} of {wording.counted(total, noun)}; all are in audit.json"
    return wording.counted(total, noun)
