"""``robustness replay``: one pair again."""

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
    """Ask one pair of an audit again and show names, tokens and answers."""
    from robustness.audit.replay import find_pair, replay_pair
    from robustness.audit.results import load_results
    from robustness.models import load_model
    from robustness.models.precision import at_precision

    results = load_results(audit)
    pair = find_pair(results, case_id)
    recorded = {} if model else results["model"]
    kept = recorded.get("adapter")
    loaded = load_model(
        model or recorded["spec"],
        task=task or recorded.get("task"),
        adapter=adapter or (Path(kept) if kept else None),
    )
    used = (recorded.get("precision") or {}).get("used", "float32")
    shown = replay_pair(pair, at_precision(loaded, used) or loaded)
    for title, value in shown.items():
        typer.echo(f"{title:<28} {value}")
