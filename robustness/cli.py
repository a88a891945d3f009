"""The command line: options in, exit codes out. Results go to stdout, everything else to stderr.

Each command is a thin layer over one room. Heavy packages are imported inside the commands that need
them, so that ``robustness --help`` stays quick.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import TyperException

from robustness import __version__
from robustness.errors import (
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    InputError,
    RobustnessError,
    nearest,
)

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    name="robustness",
    help="Find out what misspelled drug names do to a model that answers medical questions. "
    "A test tool and no medical device.",
    epilog="Example: robustness audit --model reader --drugs metformin,warfarin",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = (
            app(standalone_mode=False) if sys.argv[1:] else app(["--help"], standalone_mode=False)
        )
    except RobustnessError as error:
        _complain(f"error: {error}")
        code = error.exit_code
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except TyperException as error:
        _complain(f"error: {error.format_message()} Try: robustness --help")
        code = EXIT_USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("ROBUSTNESS_DEBUG"):
            raise
        _complain(
            f"internal error: {type(error).__name__}: {error}. This is a defect of the tool; run again "
            "with ROBUSTNESS_DEBUG=1 for the trace and report it."
        )
        code = EXIT_INTERNAL
    if code == EXIT_INTERRUPTED:
        _complain("interrupted: what was answered is kept; the same command goes on from there.")
    sys.exit(code)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command(epilog="Example: robustness audit --drugs metformin,warfarin --fail-under 0.95")
def audit(
    model: Model = None,
    drugs: Annotated[
        str | None, typer.Option(help="Drugs to audit, with commas. Default: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results. Default: reports/MODEL.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(help="Largest number of pairs, 0 for all. Default: 2500.")
    ] = None,
    channels: Annotated[
        str | None,
        typer.Option(help="Channels of misspellings, with commas. Default: observed,noisy."),
    ] = None,
    seed: Seed = None,
    fail_under: Annotated[
        float | None,
        typer.Option(help="Lowest consistency to pass, 0 to 1. Default: no threshold."),
    ] = None,
    fresh: Fresh = False,
) -> int:
    """Audit a model: find out which misspelled drug names change its answers. The main job."""
    from robustness.audit import Store, make_plan, run_audit
    from robustness.config import load_options
    from robustness.drugs import load_drugs, select_drugs
    from robustness.files import make_folder
    from robustness.gate import EXIT_CODES, Decision, Rule
    from robustness.models import load_model
    from robustness.progress import audit_progress
    from robustness.reporting import write_reports
    from robustness.reporting.terminal import print_summary

    options = load_options(
        {
            "model": model,
            "drugs": drugs.split(",") if drugs is not None else None,
            "out": out,
            "budget": budget,
            "channels": channels.split(",") if channels is not None else None,
            "seed": seed,
            "fail_under": fail_under,
        }
    )
    chosen = select_drugs(options.drugs, load_drugs()) if options.drugs else load_drugs()
    plan = make_plan(chosen, seed=options.seed, budget=options.budget, channels=options.channels)
    make_folder(options.folder)
    loaded = load_model(options.model)
    rules = [] if options.fail_under is None else [Rule("consistency", options.fail_under)]
    with (
        Store(options.folder / "audit.sqlite", loaded.fingerprint) as store,
        audit_progress(_stderr()) as listener,
    ):
        if store.set_aside:
            _complain(f"warning: {store.set_aside.name} was no store of answers and is set aside.")
        if fresh:
            store.forget()
        results = run_audit(
            plan, loaded, store=store, rules=rules, listeners=[listener], command=sys.argv
        )
    written = write_reports(results, options.folder)
    print_summary(results, _stdout())
    typer.echo(f"Report: {written[0]}")
    return EXIT_CODES[Decision(results["gate"]["decision"])]


@app.command(epilog="Example: robustness report reports/reader --format html,markdown")
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of an audit.")],
    format: Annotated[
        str, typer.Option(help="html, junit, markdown, json; with commas.")
    ] = "html,junit,markdown",
) -> None:
    """Write the reports of an audit again, from its saved results alone."""
    from robustness.audit.results import load_results
    from robustness.reporting import write_reports

    for path in write_reports(load_results(folder), folder, format.split(",")):
        typer.echo(path)


@app.command(epilog="Example: robustness replay 3f9a0c12ab34 --audit reports/reader")
def replay(
    case_id: Annotated[str, typer.Argument(help="Id of a case, as reports show it.")],
    audit: Annotated[Path, typer.Option(help="Folder of its audit.")] = Path("reports/reader"),
    model: Model = None,
) -> None:
    """Ask one pair of an audit again and show names, tokens and answers."""
    from robustness.audit.replay import find_pair, replay_pair
    from robustness.audit.results import load_results
    from robustness.models import load_model

    results = load_results(audit)
    pair = find_pair(results, case_id)
    shown = replay_pair(pair, load_model(model or results["model"]["spec"]))
    for title, value in shown.items():
        typer.echo(f"{title:<28} {value}")


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
        from robustness.misspellings.fitted_table import fit_table

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
    _print_rows(rows, as_json=as_json)


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
    with training_progress(_stderr(), steps) as progress:
        record = run(options, out, progress, fresh=fresh)
    typer.echo(f"Accuracy on held-out drugs: {record['held_out_accuracy']:.4f}")
    typer.echo(f"Reader: {out}")


@app.command(name="list", epilog="Example: robustness list drugs")
def list_(
    what: Annotated[str, typer.Argument(help="models, drugs, channels or properties.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what there is."""
    kinds = {
        "models": _models,
        "drugs": _drugs,
        "channels": _channels,
        "properties": _properties,
    }
    if what not in kinds:
        raise InputError("Nothing of this kind to list", value=what, hint=nearest(what, kinds))
    _print_rows(kinds[what](), as_json=as_json)


def _models() -> list[dict[str, Any]]:
    from robustness.models import MODELS

    return [{"model": spec, "description": text} for spec, text in MODELS.items()]


def _drugs() -> list[dict[str, Any]]:
    from robustness.drugs import load_drugs

    return [
        {
            "drug": drug.name,
            "brands": ", ".join(drug.brands),
            "class": drug.drug_class,
            "high-risk group": drug.high_risk_group,
        }
        for drug in load_drugs()
    ]


def _channels() -> list[dict[str, Any]]:
    from robustness.misspellings import channel_descriptions

    return [{"channel": name, "description": text} for name, text in channel_descriptions().items()]


def _properties() -> list[dict[str, Any]]:
    from robustness.properties import PROPERTIES

    return [{"property": name, "description": text} for name, text in PROPERTIES.items()]


def _print_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column in rows[0] if rows else ():
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row.values()))
    _stdout().print(table)


def _stdout() -> Console:
    return _console(stderr=False)


def _stderr() -> Console:
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = 120
    return console


def _complain(message: str) -> None:
    typer.echo(message.replace("\n", " "), err=True)
