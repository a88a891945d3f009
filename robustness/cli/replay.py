"""``robustness replay``: one case again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from robustness.cli.app import app
from robustness.cli.options import Adapter, Model, Task
from robustness.cli.printing import complain, say
from robustness.errors import InputError

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
    data: Annotated[
        Path | None, typer.Option(help="The file of questions that was asked, where there is one.")
    ] = None,
) -> None:
    """Ask one case of an audit or a search again, show names, tokens and answers, and say what happened.

    A saved audit is data: a model, adapter or file that it names is used only when you name it again, unless
    the model is an embedded or a planted one.
    """
    from robustness.audit.replay import replay as ask_again
    from robustness.config import load_options
    from robustness.guard.loading import load_guardable
    from robustness.models.precision import at_precision

    own = load_options({"model": model, "task": task, "adapter": adapter, "data": data})
    results, found = _find(audit, case_id, own.data)
    recorded = results["model"]
    named = own.guarded_model if model or own.guarded_model == recorded["spec"] else None
    spec = named or _harmless(recorded)
    same = spec == recorded["spec"]
    if not own.adapter:
        _without_adapter(recorded, named=bool(model), same=same)
    loaded = load_guardable(
        spec, task=own.task or (recorded.get("task") if same else None), adapter=own.adapter
    )
    rounded = same and (recorded.get("precision") or {}).get("used") == "bfloat16"
    asked = at_precision(loaded, "bfloat16") if rounded else None
    shown = ask_again(found, asked or loaded)
    for title, value in shown.items():
        say(f"{title:<29} {value}")


def _harmless(recorded: dict[str, Any]) -> str:
    """The recorded model, where nothing but this package is loaded for it.

    Raises:
        InputError: It is another one, which the user has to name.
    """
    from robustness.guard.guarded_model import PREFIX
    from robustness.models.loading import EMBEDDED

    spec = str(recorded["spec"])
    plain = spec.removeprefix(PREFIX)
    if plain not in EMBEDDED and not plain.startswith("planted:"):
        raise InputError(
            "The saved results name a model, which is loaded only when you name it again",
            value=spec,
            hint=f"If you trust it, add: {_named(recorded)}",
        )
    return spec


def _without_adapter(recorded: dict[str, Any], *, named: bool, same: bool) -> None:
    """Complain where the recorded model had an adapter that the user did not name.

    Raises:
        InputError: The model was not named either, so the recorded one is meant.
    """
    adapter = recorded.get("adapter")
    if adapter and not named:
        raise InputError(
            "The saved results name an adapter, which is loaded only when you name it again",
            value=adapter,
            hint=f"If you trust it, add: {_named(recorded)}",
        )
    if adapter and same:
        complain(f"warning: asked without the recorded adapter; with it: {_named(recorded)}")


def _named(recorded: dict[str, Any]) -> str:
    """The options that name the recorded model and its adapter."""
    adapter = recorded.get("adapter")
    more = f" --adapter {shlex.quote(adapter)}" if adapter else ""
    return f"--model {shlex.quote(str(recorded['spec']))}{more}"


def _find(
    folder: Path, case_id: str, data: Path | None
) -> tuple[dict[str, Any], Pair | Differing | Case]:
    """The results that hold a case, and what it belongs to; a folder may hold an audit, a search, or both."""
    from robustness.audit.replay import find_case
    from robustness.results.audit_json import load_results
    from robustness.search import find_found, has_search, load_search

    if has_search(folder):
        results = load_search(folder)
        known = any(one.get("case_id") == case_id for one in results["questions"])
        if known or not (folder / "audit.json").is_file():
            return results, find_found(results, case_id, data=data)
    results = load_results(folder)
    return results, find_case(results, case_id, data=data)
