"""A summary in Markdown, for a CI job page: the numbers and the worst failures, under 60 kB."""

from __future__ import annotations

import re
from typing import Any

from robustness.reporting.notes import notes
from robustness.reporting.wording import (
    DISCLAIMER,
    METRIC_TITLES,
    SLICE_TITLES,
    VERDICT_WORDS,
    gate_sentence,
    interval,
    verdict_sentence,
)

_MOST_FAILURES = 25
_LONGEST_CELL = 120


def markdown_report(results: dict[str, Any]) -> str:
    """The summary as Markdown text."""
    model, overall = results["model"], results["rates"]["overall"]
    lines = [
        f"# Drug-name robustness of {_cell(model['spec'])}",
        "",
        f"**{verdict_sentence(results)}** {gate_sentence(results)}",
        "",
        *(line for note in notes(results) for line in (_cell(note, longest=400), "")),
        "| metric | share (95 % interval) |",
        "|---|---|",
        *(f"| {title} | {interval(overall[name])} |" for name, title in METRIC_TITLES.items()),
        "",
    ]
    for name, values in results["rates"]["by"].items():
        lines += [f"| {SLICE_TITLES.get(name, name)} | flip rate | wrong drug |", "|---|---|---|"]
        lines += [
            f"| {_cell(value)} | {interval(rates['flip_rate'])} | {interval(rates['wrong_drug'])} |"
            for value, rates in sorted(values.items())
        ]
        lines.append("")
    return "\n".join([*lines, *_failures(results["failures"]), "", DISCLAIMER, ""])


def _failures(failures: list[dict[str, Any]]) -> list[str]:
    if not failures:
        return ["No answer changed."]
    shown = failures[:_MOST_FAILURES]
    return [
        f"## The {len(shown)} most severe of {len(failures):,} changed answers",
        "",
        "| severity | meant | written | asked | answer, correct name | answer, misspelled | verdict | case |",
        "|---|---|---|---|---|---|---|---|",
        *(
            "| "
            + " | ".join(
                _cell(value)
                for value in (
                    row["severity"],
                    row["name"],
                    row["misspelling"],
                    row["relation"],
                    (row["answer"] or {}).get("text", ""),
                    (row["answer_misspelled"] or {}).get("text", ""),
                    VERDICT_WORDS[row["verdict"]]
                    + (f" ({row['answered_for']})" if row["answered_for"] else ""),
                    row["case_id"],
                )
            )
            + " |"
            for row in shown
        ),
    ]


def _cell(text: str, *, longest: int = _LONGEST_CELL) -> str:
    """A text that cannot break the table or smuggle in markup."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    printable = "".join(char if char.isprintable() else " " for char in short)
    return re.sub(r"([\\`*_{}\[\]<>|#!~&])", r"\\\1", printable)
