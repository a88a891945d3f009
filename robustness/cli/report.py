"""``robustness report``: reports from saved results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app


@app.command(epilog="Example: robustness report reports/reader --format html,markdown")
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of an audit.")],
    format: Annotated[
        str, typer.Option(help="html, junit, markdown, json; with commas.")
    ] = "html,junit,markdown",
) -> None:
    """Write the reports of an audit again, from its saved results alone."""
    from robustness.audit.results import load_results
    from robustness.reporting import write_reports

    for path in write_reports(load_results(folder), folder, format.split(",")):
        typer.echo(path)
