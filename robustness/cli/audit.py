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
    from robustness.answers.cache import open_cache
    from robustness.answers.engines.choose import open_engine
    from robustness.answers.engines.replicas import Recipe
    from robustness.answers.precision_check import forget, settle_precision
    from robustness.answers.store import store_key
    from robustness.audit import (
        Store,
        check_answerable,
        embedded_source,
        gate_preview,
        make_plan,
        run_audit,
    )
    from robustness.config import load_options
    from robustness.drugs import load_drugs, select_drugs
    from robustness.files import make_folder
    from robustness.gate import EXIT_CODES, Decision
    from robustness.guard.guarded_model import PREFIX, Guard
    from robustness.guard.loading import load_guardable
    from robustness.models import depends_on_batch
    from robustness.models.device import fit_threads
    from robustness.progress import audit_progress
    from robustness.questions import UserDataSource
    from robustness.reporting import write_reports
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
    chosen = select_drugs(options.drugs, load_drugs()) if options.drugs else None
    questions = (
        UserDataSource(options.data, skip_bad_rows=options.skip_bad_rows) if options.data else None
    )
    make_folder(options.folder)
    loaded = load_guardable(options.guarded_model, task=options.task, adapter=options.adapter)
    if questions:
        check_answerable(questions, loaded.kind)
    if depends_on_batch(loaded):
        fit_threads()
    plan = make_plan(
        chosen,
        seed=options.seed,
        budget=options.pairs,
        channels=options.channels,
        source=questions or embedded_source(options.seed, kind=loaded.kind),
    )
    complain(gate_preview(plan, loaded, options.rules))
    with (
        Store(
            options.folder / "audit.sqlite",
            store_key(loaded),
            spec=loaded.spec,
            cache=open_cache(loaded, options.cache),
        ) as store,
        audit_progress(stderr()) as listener,
    ):
        if store.set_aside:
            complain(f"warning: {store.set_aside.name} was no store of answers and is set aside.")
        if fresh:
            forget(loaded, store)
        loaded, checked = settle_precision(plan, loaded, options.precision, store, listener)
        if checked and options.precision == "bfloat16" and checked["used"] == "float32":
            complain("warning: bfloat16 changes too many verdicts; going on with float32.")
        used = checked["used"] if checked else "float32"
        recipe = Recipe(
            options.guarded_model.removeprefix(PREFIX),
            options.task,
            options.adapter,
            used,
            wrap=Guard if options.guarded_model.startswith(PREFIX) else None,
        )
        with open_engine(
            options.engine, recipe, workers=options.workers, address=options.address
        ) as computing:
            results = run_audit(
                plan,
                loaded,
                precision=checked,
                task=options.task,
                adapter=options.adapter,
                store=store.of(store_key(loaded)),
                engine=computing,
                rules=options.rules,
                early=options.budget == "auto",
                repeats=options.repeats,
                extras=options.extras,
                listeners=[listener],
                command=sys.argv,
            )
    written = write_reports(results, options.folder)
    print_summary(results, stdout())
    typer.echo(f"Report: {written[0]}")
    decision = Decision(results["gate"]["decision"])
    if decision is Decision.INCONCLUSIVE and options.inconclusive:
        typer.echo(f"Inconclusive counts as {options.inconclusive} here (--inconclusive).")
        decision = Decision(options.inconclusive)
    return EXIT_CODES[decision]
