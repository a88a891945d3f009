"""The formats that a report comes in, and where each is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.audit.results import save_results
from robustness.errors import InputError, nearest
from robustness.files import write_text
from robustness.reporting.html import html_report
from robustness.reporting.junit import junit_report
from robustness.reporting.markdown import markdown_report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FILES = {
    "html": ("report.html", html_report),
    "junit": ("junit.xml", junit_report),
    "markdown": ("summary.md", markdown_report),
}
FORMATS = (*_FILES, "json")


def write_reports(
    results: dict[str, Any], folder: Path, formats: Iterable[str] = FORMATS
) -> list[Path]:
    """Write reports into a folder, each whole or not at all.

    Args:
        results: What ``audit.json`` holds.
        folder: Where to write; it must exist.
        formats: Any of `FORMATS`.

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
    written = []
    for name in wanted:
        if name == "json":
            written.append(save_results(results, folder))
            continue
        file, render = _FILES[name]
        write_text(folder / file, render(results))
        written.append(folder / file)
    return written
