"""``robustness train``: fine-tune a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.options import Fresh
from robustness.cli.printing import stderr


@app.command(epilog="Example: robustness train --out my-reader --steps 300")
def train(
    out: Annotated[Path, typer.Option(help="Folder of the trained reader.")],
    base: Annotated[
        str | None, typer.Option(help="Encoder to start from. Default: the packaged MiniLM.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Gradient steps.")] = 400,
    batch_size: Annotated[int, typer.Option(min=1, help="Questions a step.")] = 32,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 1.5e-4,
    evaluate_every: Annotated[
        int, typer.Option(min=1, help="Steps between two points of the curve, and checkpoints.")
    ] = 50,
    seed: Annotated[int, typer.Option(help="Decides examples and dropout.")] = 0,
    fresh: Fresh = False,
) -> None:
    """Fine-tune an extractive reader by gradient descent on correctly spelled names."""
    from robustness.hardening.training import TrainingOptions, find_base
    from robustness.hardening.training import train as run
    from robustness.progress import training_progress

    options = TrainingOptions(
        base=base or find_base(),
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        evaluate_every=evaluate_every,
        seed=seed,
    )
    with training_progress(stderr(), steps) as progress:
        record = run(options, out, progress, fresh=fresh)
    typer.echo(f"Accuracy on held-out drugs: {record['held_out_accuracy']:.4f}")
    typer.echo(f"Reader: {out}")
