"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Model = Annotated[
    str | None,
    typer.Option(help="Model to audit: reader, a folder or hub id, planted:NAME. Default: reader."),
]
Seed = Annotated[
    int | None, typer.Option(help="Decides leaflets, phrasings and order. Default: 0.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh/--resume", help="Throw earlier work away, or go on with it.")
]
