"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[
    str | None,
    typer.Option(
        help="Model to audit: reader, a folder or hub id, gguf:FILE, openai:URL#MODEL, "
        "python:MODULE:CALLABLE, planted:NAME. Default: reader."
    ),
]
Task = Annotated[
    str | None,
    typer.Option(
        help="What the model is asked to do: extractive, choice or generate. Default: what its "
        "configuration says."
    ),
]
Adapter = Annotated[Path | None, typer.Option(help="Folder of a PEFT adapter to put on the model.")]
Seed = Annotated[
    int | None, typer.Option(help="Decides leaflets, phrasings and order. Default: 0.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh/--resume", help="Throw earlier work away, or go on with it.")
]
