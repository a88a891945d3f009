"""``robustness audit``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.options import Adapter, Fresh, Model, Seed, Task
from robustness.cli.printing import complain, stderr, stdout


@app.command(epilog="Example: robustness audit --drugs metformin,warfarin --fail-under 0.95")
def audit(
    model: Model = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Your own questions: SQuAD JSON, JSON lines, CSV or Parquet."),
    ] = None,
    skip_bad_rows: Annotated[
        bool | None,
        typer.Option("--skip-bad-rows", help="Leave out rows that cannot be used, and list them."),
    ] = None,
    task: Task = None,
    adapter: Adapter = None,
    guard: Annotated[
        bool | None,
        typer.Option(
            "--guard",
            help="Put the guard in front of the model: correct drug names, ask back where unclear.",
        ),
    ] = None,
    drugs: Annotated[
        str | None, typer.Option(help="Drugs to audit, with commas. Default: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results. Default: reports/MODEL.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="Largest number of pairs; 0 for all; auto for 2500, stopping as soon as the gate is "
            "decided. Default: 2500."
        ),
    ] = None,
    channels: Annotated[
        str | None,
        typer.Option(help="Channels of misspellings, with commas. Default: observed,noisy."),
    ] = None,
    seed: Seed = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            help="Lowest consistency to pass, 0 to 1, in place of all other rules. Default: the rules of "
            "the configuration, or the default ones."
        ),
    ] = None,
    inconclusive: Annotated[
        str | None,
        typer.Option(help="Count an inconclusive gate as pass or fail. Default: exit code 4."),
    ] = None,
    repeats: Annotated[
        int | None,
        typer.Option(
            help="Questions with the correct name to ask twice, for the noise floor. Default: 100."
        ),
    ] = None,
    extras: Annotated[
        bool | None,
        typer.Option(
            "--extras/--no-extras",
            help="Also ask about look-alikes that must be told apart, and about drugs that do not exist. "
            "Default: yes.",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Numbers that a model in this process computes with: auto, float32 or bfloat16; bfloat16 is "
            "checked against float32. Default: auto."
        ),
    ] = None,
    cache: Annotated[
        str | None,
        typer.Option(
            help="Folder of the answers that all audits share, or none. Default: the user's cache."
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(help="Where the model computes: local or ray. Default: local."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Copies of the model on a Ray cluster. Default: one a GPU, or one a node."
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(help="Address of the Ray cluster. Default: $RAY_ADDRESS, or this machine."),
    ] = None,
    fresh: Fresh = False,
) -> int:
    """Audit a model: find out which misspelled drug names change its answers. The main job."""
    from robustness.api import audit_options
    from robustness.config import load_options
    from robustness.gate import EXIT_CODES, Decision
    from robustness.progress import audit_progress
    from robustness.reporting.terminal import print_summary

    options = load_options(
        {
            "model": model,
            "data": data,
            "skip_bad_rows": skip_bad_rows,
            "task": task,
            "adapter": adapter,
            "guard": guard,
            "drugs": drugs.split(",") if drugs is not None else None,
            "out": out,
            "budget": budget,
            "channels": channels.split(",") if channels is not None else None,
            "seed": seed,
            "fail_under": fail_under,
            "inconclusive": inconclusive,
            "repeats": repeats,
            "extras": extras,
            "precision": precision,
            "cache": cache,
            "engine": engine,
            "workers": workers,
            "address": address,
        }
    )
    with audit_progress(stderr()) as listener:
        found = audit_options(
            options, fresh=bool(fresh), listener=listener, say=complain, command=sys.argv
        )
    report = found.save(options.folder)
    print_summary(found.results, stdout())
    typer.echo(f"Report: {report}")
    decision = Decision(found.gate)
    if decision is Decision.INCONCLUSIVE and options.inconclusive:
        typer.echo(f"Inconclusive counts as {options.inconclusive} here (--inconclusive).")
        decision = Decision(options.inconclusive)
    return EXIT_CODES[decision]
