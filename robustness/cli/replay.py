"""``robustness replay``: one case again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.options import Adapter, Model, Task


@app.command(epilog="Example: robustness replay 3f9a0c12ab34 --audit reports/reader")
def replay(
    case_id: Annotated[str, typer.Argument(help="Id of a case, as reports show it.")],
    audit: Annotated[Path, typer.Option(help="Folder of its audit.")] = Path("reports/reader"),
    model: Model = None,
    task: Task = None,
    adapter: Adapter = None,
) -> None:
    """Ask one case of an audit again and show names, tokens and answers."""
    from robustness.audit.replay import find_case
    from robustness.audit.replay import replay as ask_again
    from robustness.audit.results import load_results
    from robustness.hardening.guard.loading import load_guardable

    results = load_results(audit)
    found = find_case(results, case_id)
    recorded = {} if model else results["model"]
    used = recorded.get("adapter")
    loaded = load_guardable(
        model or recorded["spec"],
        task=task or recorded.get("task"),
        adapter=adapter or (Path(used) if used else None),
    )
    shown = ask_again(found, loaded)
    for title, value in shown.items():
        typer.echo(f"{title:<28} {value}")
