"""``robustness train``: fine-tune a reader, on correct names or on misspelled ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from robustness.cli.app import app
from robustness.cli.options import Fresh
from robustness.cli.printing import stderr


@app.command(epilog="Example: robustness train --out my-reader --steps 300")
def train(
    out: Annotated[Path, typer.Option(help="Folder of the trained reader.")],
    base: Annotated[
        str | None,
        typer.Option(
            help="Encoder or reader to start from: a folder, or reader-clean. Default: the packaged MiniLM."
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Gradient steps.")] = 400,
    batch_size: Annotated[int, typer.Option(min=1, help="Questions a step.")] = 32,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 1.5e-4,
    evaluate_every: Annotated[
        int, typer.Option(min=1, help="Steps between two points of the curve, and checkpoints.")
    ] = 50,
    evaluation_questions: Annotated[
        int,
        typer.Option(min=1, help="Questions of each point; the last one asks four times as many."),
    ] = 256,
    dropout: Annotated[float, typer.Option(help="Share of activations dropped in training.")] = 0.1,
    data: Annotated[
        Path | None,
        typer.Option(help="Your own questions, with contexts that hold the answers, as for audit."),
    ] = None,
    task: Annotated[
        Literal["extractive", "choice"],
        typer.Option(help="choice: train a causal model to choose options, with --base."),
    ] = "extractive",
    noise: Annotated[
        Literal["none", "observed"],
        typer.Option(help="observed: misspell names in questions as people do."),
    ] = "none",
    noise_share: Annotated[float, typer.Option(help="Share of questions misspelled.")] = 0.75,
    noise_edits: Annotated[int, typer.Option(min=1, help="Most edits of a misspelling.")] = 2,
    noise_channels: Annotated[
        str, typer.Option(help="Where misspellings come from, with commas.")
    ] = "observed,noisy",
    more_names: Annotated[
        int, typer.Option(min=0, help="Invented names to train on in addition to the drugs' names.")
    ] = 0,
    consistency: Annotated[
        float, typer.Option(min=0, help="Weight of answering as for the correct name.")
    ] = 0.5,
    resegment: Annotated[
        float, typer.Option(help="Share of names cut into other pieces of the vocabulary.")
    ] = 0.0,
    short_pieces: Annotated[
        int,
        typer.Option(
            min=0, help="Cut rare words and names into pieces of at most so many letters."
        ),
    ] = 0,
    short_leaflets: Annotated[
        float, typer.Option(help="Share of leaflets with few drugs and facts, which are faster.")
    ] = 0.0,
    precision: Annotated[
        Literal["auto", "float32", "bfloat16"],
        typer.Option(help="Of the matrix products. auto: bfloat16 where it is native."),
    ] = "auto",
    lora_rank: Annotated[
        int, typer.Option(min=0, help="Train a LoRA adapter of this rank; 0: all weights.")
    ] = 0,
    adapter: Annotated[
        Path | None, typer.Option(help="Go on from this LoRA adapter of the base, with its rank.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides examples and dropout.")] = 0,
    sweep: Annotated[
        str | None,
        typer.Option(
            help="Many runs in one folder: axes with values, as learning-rate=1e-4,3e-4;seed=0,1,2."
        ),
    ] = None,
    fresh: Fresh = False,
) -> None:
    """Fine-tune a reader, or a causal model that chooses, by gradient descent.

    Without --noise it sees correctly spelled names only. A stopped run goes on with the same command.
    """
    from robustness.models.loading import embedded_folder
    from robustness.models.precision import native_precision
    from robustness.progress import training_progress
    from robustness.training.lora import adapter_rank
    from robustness.training.options import TrainingOptions, find_base
    from robustness.training.training import train as run

    if base in ("reader", "reader-clean"):
        base = str(embedded_folder())
    options = TrainingOptions(
        base=base or find_base(),
        task=task,
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        evaluate_every=evaluate_every,
        evaluation_questions=evaluation_questions,
        dropout=dropout,
        questions_from=str(data) if data else "",
        noise=noise,
        noise_share=noise_share,
        noise_edits=noise_edits,
        noise_channels=tuple(noise_channels.split(",")),
        more_names=more_names,
        consistency=consistency,
        resegment=resegment,
        short_pieces=short_pieces,
        short_leaflets=short_leaflets,
        precision=native_precision() if precision == "auto" else precision,
        lora_rank=adapter_rank(adapter) if adapter else lora_rank,
        adapter=str(adapter) if adapter else "",
        seed=seed,
    )
    if sweep is not None:
        from robustness.training.sweep import run_sweep

        with training_progress(stderr(), steps) as progress:
            table = run_sweep(options, sweep, out, progress)
        typer.echo(table)
        typer.echo(f"Sweep: {out / 'sweep.svg'}")
        return
    with training_progress(stderr(), steps) as progress:
        record = run(options, out, progress, fresh=fresh)
    typer.echo(f"Accuracy on held-out drugs: {record['held_out_accuracy']:.4f}")
    misspelled = record["held_out_misspelled_accuracy"]
    if misspelled is not None:
        typer.echo(f"The same with misspelled names: {misspelled:.4f}")
    typer.echo(f"{'Adapter' if options.lora_rank else 'Reader'}: {out}")
