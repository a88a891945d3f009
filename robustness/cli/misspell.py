"""``robustness misspell``: misspellings of a name."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from robustness.cli.app import app
from robustness.cli.printing import print_rows
from robustness.errors import InputError


@app.command(epilog="Example: robustness misspell metformin --top 20 --channel noisy")
def misspell(
    name: Annotated[str | None, typer.Argument(help="A drug's generic or brand name.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    channel: Annotated[
        str | None,
        typer.Option(help="One channel. Default: the noisy one, with what people typed marked."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides what other channels draw.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the noisy channel to the table again instead.")
    ] = False,
) -> None:
    """List misspellings of a name, the most probable first."""
    if fit:
        from robustness.misspellings.noisy_channel.refit import fit_table

        typer.echo(fit_table())
        return
    if name is None:
        raise InputError("No name", hint="Give a drug's name, or --fit.")
    from robustness.misspellings.listing import list_misspellings

    found = list_misspellings(name, channel=channel, limit=top, seed=seed)
    rows: list[dict[str, Any]] = [
        {
            "misspelling": one.text,
            "channel": one.channel,
            "operator": one.operator,
            "reports": one.reports,
            "probability": None if one.probability is None else round(one.probability, 6),
        }
        for one in found
    ]
    print_rows(rows, as_json=as_json)
