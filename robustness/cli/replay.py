"""``robustness replay``: one case again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from robustness.cli.app import app
from robustness.cli.options import Adapter, Model, Task

if TYPE_CHECKING:
    from robustness.questions import Case, Differing
    from robustness.questions.pair import Pair


@app.command(epilog="Example: robustness replay 3f9a0c12ab34 --audit reports/reader")
def replay(
    case_id: Annotated[str, typer.Argument(help="Id of a case, as reports show it.")],
    audit: Annotated[Path, typer.Option(help="Folder of its audit or search.")] = Path(
        "reports/reader"
    ),
    model: Model = None,
    task: Task = None,
    adapter: Adapter = None,
) -> None:
    """Ask one case of an audit or a search again, show names, tokens and answers, and say what happened."""
    from robustness.audit.replay import replay as ask_again
    from robustness.guard.loading import load_guardable
    from robustness.models.precision import at_precision

    results, found = _find(audit, case_id)
    recorded = {} if model else results["model"]
    kept = recorded.get("adapter")
    loaded = load_guardable(
        model or recorded["spec"],
        task=task or recorded.get("task"),
        adapter=adapter or (Path(kept) if kept else None),
    )
    used = (recorded.get("precision") or {}).get("used", "float32")
    shown = ask_again(found, at_precision(loaded, used) or loaded)
    for title, value in shown.items():
        typer.echo(f"{title:<29} {value}")


def _find(folder: Path, case_id: str) -> tuple[dict[str, Any], Pair | Differing | Case]:
    """The results that hold a case, and what it belongs to; a folder may hold an audit, a search, or both."""
    from robustness.audit.replay import find_case
    from robustness.results.audit_json import load_results
    from robustness.search import find_found, has_search, load_search

    if has_search(folder):
        results = load_search(folder)
        known = any(one.get("case_id") == case_id for one in results["questions"])
        if known or not (folder / "audit.json").is_file():
            return results, find_found(results, case_id)
    results = load_results(folder)
    return results, find_case(results, case_id)
