"""The formats that a report comes in, and where each is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from robustness.errors import InputError, nearest
from robustness.files import write_text
from robustness.reporting.failures_csv import csv_report
from robustness.reporting.html import html_report
from robustness.reporting.junit import junit_report
from robustness.reporting.markdown import markdown_report
from robustness.reporting.model_card import card_report
from robustness.reporting.new_and_fixed import compared
from robustness.results.audit_json import save_results

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from robustness.reporting.new_and_fixed import Comparison


class Renderer(Protocol):
    """One format: saved results to text."""

    def __call__(self, results: dict[str, Any], comparison: Comparison | None = None) -> str:
        """The report, with what changed since an earlier audit where there is one."""


_FILES: dict[str, tuple[str, Renderer]] = {
    "html": ("report.html", html_report),
    "junit": ("junit.xml", junit_report),
    "markdown": ("summary.md", markdown_report),
    "csv": ("failures.csv", csv_report),
    "card": ("model-card.md", card_report),
}
FORMATS = (*_FILES, "json")
"""Every format that can be asked for."""
AUDIT_FORMATS = ("html", "junit", "markdown", "csv", "json")
"""What an audit writes by itself."""


def write_reports(
    results: dict[str, Any],
    folder: Path,
    formats: Iterable[str] = AUDIT_FORMATS,
    *,
    baseline: dict[str, Any] | None = None,
) -> list[Path]:
    """Write reports into a folder, each whole or not at all.

    Args:
        results: What ``audit.json`` holds.
        folder: Where to write; it must exist.
        formats: Any of `FORMATS`.
        baseline: The results of an earlier audit; reports then say what is new, fixed and the same.

    Returns:
        The files, in the order of `formats`.

    Raises:
        InputError: An unknown format; nothing is written then.
        OutputError: A file cannot be written.
    """
    wanted = list(formats)
    for name in wanted:
        if name not in FORMATS:
            raise InputError("Unknown report format", value=name, hint=nearest(name, FORMATS))
    comparison = compared(results, baseline) if baseline else None
    written = []
    for name in wanted:
        if name == "json":
            written.append(save_results(results, folder))
            continue
        file, render = _FILES[name]
        write_text(folder / file, render(results, comparison))
        written.append(folder / file)
    return written
