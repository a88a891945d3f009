"""``robustness search``: the smallest misspelling that changes each answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.options import Adapter, Fresh, Model, Seed, Task
from robustness.cli.printing import complain, print_json, stderr, stdout
from robustness.errors import EXIT_FAILED, EXIT_PASSED


@app.command(epilog="Example: robustness search --drugs metformin,warfarin --budget 50")
def search(
    model: Model = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Your own questions: SQuAD JSON, JSON lines, CSV or Parquet."),
    ] = None,
    task: Task = None,
    adapter: Adapter = None,
    drugs: Annotated[
        str | None,
        typer.Option(
            help="Drugs to search, with commas. Default: 25 of the table, or all of FILE."
        ),
    ] = None,
    budget: Annotated[
        int,
        typer.Option(
            help="Queries a question, the one with the correct name included; what a question leaves over "
            "goes to the others. 0 for as many as it takes."
        ),
    ] = 50,
    refine: Annotated[
        int, typer.Option(help="More probable misspellings to try after one broke an answer.")
    ] = 5,
    max_edits: Annotated[
        int, typer.Option(min=1, max=2, help="Go on with two edits where no single one breaks it.")
    ] = 2,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results. Default: reports/search-MODEL.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    fresh: Fresh = False,
) -> int:
    """Find the smallest misspelling that changes each answer. Exit code 1 when there is one."""
    from robustness.answers.asking import Asking
    from robustness.answers.store import Store, store_key
    from robustness.config import load_options
    from robustness.drugs import load_drugs, select_drugs
    from robustness.files import make_folder
    from robustness.guard.loading import load_guardable
    from robustness.progress import audit_progress
    from robustness.questions import UserDataSource
    from robustness.questions.loading import check_answerable, embedded_source
    from robustness.reporting.search_report import print_search
    from robustness.search import (
        LearnedOrder,
        assemble,
        check_search,
        draw_drugs,
        save_search,
        search,
    )
    from robustness.tokenizers import load_tokenizer

    options = load_options(
        {
            "model": model,
            "data": data,
            "task": task,
            "adapter": adapter,
            "drugs": drugs.split(",") if drugs is not None else None,
            "seed": seed,
        }
    )
    check_search(budget=budget, refine=refine)
    chosen = select_drugs(options.drugs, load_drugs()) if options.drugs else None
    questions = (
        UserDataSource(options.data, skip_bad_rows=options.skip_bad_rows) if options.data else None
    )
    folder = out or options.folder.with_name(f"search-{options.folder.name}")
    make_folder(folder)
    loaded = load_guardable(options.guarded_model, task=options.task, adapter=options.adapter)
    if questions:
        check_answerable(questions, loaded.kind)
    elif chosen is None:
        chosen = tuple(draw_drugs(load_drugs(), seed=options.seed))
    source = questions or embedded_source(options.seed, kind=loaded.kind)
    tokenizer = load_tokenizer(loaded.tokenizer_path) if loaded.tokenizer_path else None
    with (
        Store(folder / "search.sqlite", store_key(loaded)) as store,
        audit_progress(stderr()) as listener,
    ):
        if store.set_aside:
            complain(f"warning: {store.set_aside.name} was no store of answers and is set aside.")
        if fresh:
            store.forget()
        done = search(
            source,
            source.slots(chosen),
            loaded,
            LearnedOrder(tokenizer),
            budget=budget,
            refine=refine,
            max_edits=max_edits,
            asking=Asking(store, listeners=(listener,)),
        )
    results = assemble(
        done,
        loaded,
        source=source,
        seed=options.seed,
        task=options.task,
        adapter=options.adapter,
    )
    written = save_search(results, folder)
    if as_json:
        print_json(results)
    else:
        print_search(results, stdout())
        typer.echo(f"Results: {written}")
    return EXIT_FAILED if results["counts"]["broken"] else EXIT_PASSED
