"""A summary in Markdown, for a CI job page: the numbers and the worst failures, under 60 kB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from robustness.reporting.notes import notes
from robustness.reporting.wording import (
    DISCLAIMER,
    SLICE_TITLES,
    gate_sentence,
    interval,
    ordered,
    rate_rows,
    value_words,
    verdict_sentence,
    verdict_words,
)
from robustness.visible import visible

if TYPE_CHECKING:
    from robustness.reporting.new_and_fixed import Comparison

_MOST_FAILURES = 25
_LONGEST_CELL = 120
_MOST_VALUES = 20


def markdown_report(results: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The summary as Markdown text, under 60 kB, the worst failures first.

    Args:
        results: What ``audit.json`` holds.
        comparison: Adds which failures are new and which are fixed.
    """
    model, overall = results["model"], results["rates"]["overall"]
    lines = [
        f"# Drug-name robustness of {cell(model['spec'])}",
        "",
        f"**{verdict_sentence(results)}** {cell(gate_sentence(results), longest=4000)}",
        "",
        *(line for note in notes(results) for line in (cell(note, longest=400), "")),
        *(_compared(comparison) if comparison else []),
        "| metric | share (95 % interval) |",
        "|---|---|",
        *(f"| {title} | {rate} |" for title, rate in rate_rows(overall)),
        "",
    ]
    for name, values in results["rates"]["by"].items():
        lines += [
            f"| {SLICE_TITLES.get(name, cell(name))} | flip rate | wrong drug |",
            "|---|---|---|",
        ]
        lines += [
            f"| {cell(value_words(value))} | {interval(rates['flip_rate'])} | {interval(rates['wrong_drug'])} |"
            for value, rates in ordered(name, values)[:_MOST_VALUES]
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
                cell(value)
                for value in (
                    row["severity"],
                    row["name"],
                    row["misspelling"],
                    row["relation"],
                    (row["answer"] or {}).get("text", ""),
                    (row["answer_misspelled"] or {}).get("text", ""),
                    verdict_words(row),
                    row["case_id"],
                )
            )
            + " |"
            for row in shown
        ),
    ]


def _compared(comparison: Comparison) -> list[str]:
    asked = ", ".join(comparison.differences)
    caveat = f" The two audits differ in {asked}, so a new failure may not have been asked before."
    baseline = comparison.baseline["model"]
    return [
        f"Against {cell(baseline['spec'])} ({cell(baseline['fingerprint'])}): "
        f"**{len(comparison.new):,} new failures**, {len(comparison.fixed):,} fixed, "
        f"{len(comparison.same):,} the same.{caveat if asked else ''}",
        "",
    ]


def cell(text: str, *, longest: int = _LONGEST_CELL) -> str:
    r"""A text that cannot break the table or smuggle in markup.

    >>> print(cell("<b>\u202e|"))
    \<b\>\[U+202E\]\|
    >>> print(cell("http://evil.example www.evil.example"))
    http\://evil.example www\.evil.example
    """
    escaped = re.sub(r"([\\`*_{}\[\]<>|#!~&@$])", r"\\\1", visible(text, longest=longest))
    return re.sub(r"(?i)(:(?=//)|(?<=www)\.)", r"\\\1", escaped)  # no link comes of it
