"""``robustness report``: reports from saved results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.printing import say


@app.command(epilog="Example: robustness report reports/reader --format html,markdown")
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of an audit.")],
    format: Annotated[
        str, typer.Option(help="html, junit, markdown, csv, card, json; with commas.")
    ] = "html,junit,markdown,csv",
    baseline: Annotated[
        Path | None,
        typer.Option(help="Folder of an earlier audit: tell what is new, fixed and the same."),
    ] = None,
) -> None:
    """Write the reports of an audit again, from its saved results alone."""
    from robustness.reporting import write_reports
    from robustness.results.audit_json import load_results

    earlier = load_results(baseline) if baseline else None
    results = load_results(folder)
    for path in write_reports(results, folder, format.split(","), baseline=earlier):
        say(str(path))
