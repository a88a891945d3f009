"""``robustness guard``: what the guard does to a text."""

from __future__ import annotations

from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.printing import complain, print_json, say


@app.command(epilog='Example: robustness guard "What is metfomin used for?"')
def guard(
    text: Annotated[str, typer.Argument(help="A question, or any other text.")],
    context: Annotated[
        str, typer.Option(help="What is read with it: drugs that it names are more probable.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what the guard does to a text: corrected drug names, or the question that it asks back."""
    from robustness.guard import repair

    done = repair(text, context=context)
    if as_json:
        changes = [change.as_dict() for change in done.changes]
        shown = {"text": done.text, "question": done.question, "changes": changes}
        print_json(shown)
        return
    say(done.question or done.text)
    for change in done.changes:
        names = " or ".join(change.names)
        complain(
            f"{change.action.value}: {change.written} -> {names} (posterior {change.probability:.3f})"
        )
