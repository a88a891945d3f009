"""``robustness tokenizers``: what tokenizers do to drug names, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.printing import print_json, stdout


@app.command(epilog="Example: robustness tokenizers reader bytes old=path/to/tokenizer.json")
def tokenizers(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC...",
            help="Files, folders, hub ids or names, see: robustness list tokenizers; or NAME=SPEC.",
        ),
    ],
    drugs: Annotated[
        str | None, typer.Option(help="Drugs to misspell, with commas. Default: 100 of the table.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write a page with plots to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Rank tokenizers by what they do to drug names. Needs no model."""
    from robustness.attribution.tokenizer_comparison import compare_tokenizers
    from robustness.drugs import load_drugs, select_drugs
    from robustness.files import write_text
    from robustness.reporting.tokenizers.tokenizer_page import print_comparison, tokenizer_page

    chosen = select_drugs(drugs.split(","), load_drugs()) if drugs is not None else ()
    comparison = compare_tokenizers(specs, chosen)
    if out is not None:
        write_text(out, tokenizer_page(comparison))
    if as_json:
        print_json(comparison)
    else:
        print_comparison(comparison, stdout())
        if out is not None:
            typer.echo(f"Page: {out}")
