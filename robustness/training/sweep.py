"""What gradient descent does not promise: many runs that differ in learning rate, batch size or seed.

Runs of equal accuracy on correct names can differ in how they take misspelled ones, because nothing in
their loss asks for it (D'Amour et al. 2022 call it underspecification). A sweep trains every combination,
measures each run by a small audit of the held-out drugs, and draws loss on correct names against flip
rate, one dot a run. A finished run is not done again, a stopped one goes on.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

from robustness.drugs import load_drugs
from robustness.errors import InputError, nearest
from robustness.files import make_folder, write_text
from robustness.training.training import train

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from robustness.models import QAModel
    from robustness.training.options import TrainingOptions
    from robustness.training.training import Progress

PAIRS = 400
"""How many pairs the audit of a run asks; for a given table they are the same for all runs."""
CONVERGED = 0.95
"""Accuracy on correct names from which on a run counts as one that learned the task."""
_NUMBERS = {"float": float, "int": int}
Course = Literal["converged", "plateau", "diverged"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a sweep, as measured."""

    name: str
    settings: dict[str, Any]
    """What distinguishes it."""
    course: Course
    clean_loss: float
    """Mean training loss since the last but one point of the curve, in nats."""
    clean_accuracy: float
    """Share of right answers about held-out drugs with correct names."""
    flip_rate: dict[str, Any]
    """As in ``audit.json``, over observed misspellings of held-out drugs."""


def parse_axes(text: str, options: TrainingOptions) -> dict[str, list[Any]]:
    """The axes of a sweep, such as ``learning-rate=1e-4,3e-4;seed=0,1``.

    Raises:
        InputError: An unknown axis, or a value of the wrong kind.

    >>> from robustness.training.options import TrainingOptions
    >>> parse_axes("learning-rate=1e-4,3e-4;seed=0,1", TrainingOptions(base=""))
    {'learning_rate': [0.0001, 0.0003], 'seed': [0, 1]}
    """
    kinds = {f.name: str(f.type) for f in fields(options) if str(f.type) in _NUMBERS}
    axes: dict[str, list[Any]] = {}
    for part in filter(None, text.split(";")):
        name, _, values = part.partition("=")
        key = name.strip().replace("-", "_")
        if key not in kinds:
            raise InputError("Unknown axis of a sweep", value=name, hint=nearest(key, kinds))
        try:
            axes[key] = [_NUMBERS[kinds[key]](value) for value in values.split(",")]
        except ValueError as error:
            raise InputError(
                "Not a number", where=f"--sweep {name}", value=values, hint="Write seed=0,1,2."
            ) from error
    if not axes:
        raise InputError(
            "An empty sweep", value=text, hint="Write learning-rate=1e-4,3e-4;seed=0,1."
        )
    return axes


def run_sweep(options: TrainingOptions, axes: str, out: Path, progress: Progress) -> str:
    """Train and measure every combination; writes ``sweep.json``, ``sweep.md`` and ``sweep.svg``.

    Args:
        options: What all runs share.
        axes: What differs, see `parse_axes`.
        out: Folder; each run has a folder of its own in it.
        progress: Called after every step of every run.

    Returns:
        The table, in Markdown.

    Raises:
        InputError: As `parse_axes` and `train`.
        OutputError: Results cannot be written.
    """
    found = parse_axes(axes, options)
    make_folder(out)
    runs: list[Run] = []
    for values in product(*found.values()):
        settings = dict(zip(found, values, strict=True))
        name = "_".join(f"{key.replace('_', '-')}-{value}" for key, value in settings.items())
        runs.append(_run(replace(options, **settings), settings, name, out / name, progress))
        _write(runs, out)
    return _table(runs)


def _run(
    options: TrainingOptions, settings: dict[str, Any], name: str, out: Path, progress: Progress
) -> Run:
    measured = out / "measured.json"
    if measured.is_file():
        return Run(**json.loads(measured.read_text(encoding="utf-8")))
    record = train(options, out, progress)
    curve = record["curve"]
    run = Run(
        name=name,
        settings=settings,
        course=course([point["loss"] for point in curve], record["held_out_accuracy"]),
        clean_loss=curve[-1]["loss"],
        clean_accuracy=record["held_out_accuracy"],
        flip_rate=_flip_rate(out, options, record["held_out_drugs"]),
    )
    write_text(measured, json.dumps(_as_dict(run), indent=1, sort_keys=True) + "\n")
    return run


def course(losses: Sequence[float], accuracy: float) -> Course:
    """How a run went: it learned the task, its loss never fell that far, or it got worse.

    >>> course([5.0, 1.9, 0.1], 0.99), course([5.0, 1.9, 1.8], 0.5), course([5.0, 1.9, 5.1], 0.1)
    ('converged', 'plateau', 'diverged')
    >>> course([5.0, float("nan")], 0.0)
    'diverged'
    """
    if losses[-1] != losses[-1] or losses[-1] > 1.5 * min(losses) + 0.5:
        return "diverged"
    return "converged" if accuracy >= CONVERGED else "plateau"


def _flip_rate(folder: Path, options: TrainingOptions, held_out: Sequence[str]) -> dict[str, Any]:
    """The flip rate over observed misspellings of held-out drugs, by a small audit."""
    from robustness.audit import Wanted, make_plan, run_audit

    model = _load(folder, options)
    drugs = [drug for drug in load_drugs() if drug.name in set(held_out)]
    plan = make_plan(drugs, seed=0, budget=PAIRS, channels=("observed",))
    found: dict[str, Any] = run_audit(plan, model, wanted=Wanted(extras=False))["rates"]["overall"][
        "flip_rate"
    ]
    return found


def _load(folder: Path, options: TrainingOptions) -> QAModel:
    from robustness.models import load_model

    if options.lora_rank:
        return load_model(options.base, adapter=folder)
    return load_model(str(folder))


def _write(runs: Sequence[Run], out: Path) -> None:
    rows = [_as_dict(run) for run in runs]
    write_text(out / "sweep.json", json.dumps(rows, indent=1, sort_keys=True) + "\n")
    write_text(out / "sweep.md", _table(runs) + "\n")
    write_text(out / "sweep.svg", draw_sweep(runs))


def _as_dict(run: Run) -> dict[str, Any]:
    return {field.name: getattr(run, field.name) for field in fields(run)}


def _table(runs: Sequence[Run]) -> str:
    head = "| run | course | loss | right, correct names | flip rate | 95 % interval |"
    lines = [head, "|---|---|---|---|---|---|"]
    for run in runs:
        rate = run.flip_rate
        lines.append(
            f"| {run.name} | {run.course} | {run.clean_loss:.3f} | {run.clean_accuracy:.1%} "
            f"| {rate['estimate']:.1%} | {rate['low']:.1%} to {rate['high']:.1%} |"
        )
    return "\n".join(lines)


_LEAST_LOSS = 1e-4
"""Smaller losses are drawn here, in nats: a logarithmic axis has no place for 0."""


def draw_sweep(runs: Sequence[Run]) -> str:
    """An SVG picture: loss on correct names against flip rate, one dot a run, with its interval.

    The same runs give the same text.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    looks = {
        "converged": ("o", "#08519c"),
        "plateau": ("s", "#8a6d00"),
        "diverged": ("X", "#a63603"),
    }
    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.subplots()
        for kind, (marker, colour) in looks.items():
            some = [run for run in runs if run.course == kind]
            if not some:
                continue
            rates = [100 * run.flip_rate["estimate"] for run in some]
            below = [100 * (r.flip_rate["estimate"] - r.flip_rate["low"]) for r in some]
            above = [100 * (r.flip_rate["high"] - r.flip_rate["estimate"]) for r in some]
            axes.errorbar(
                [max(run.clean_loss, _LEAST_LOSS) for run in some],
                rates,
                yerr=[below, above],
                fmt=marker,
                color=colour,
                ecolor="#bbbbbb",
                capsize=2,
                label=f"{kind} ({len(some)})",
            )
        axes.set(
            xlabel="training loss at the end (nats)",
            ylabel="answers changed by misspellings (%)",
            ylim=(0, None),
        )
        axes.set_xscale("log")  # good runs end between 0.001 and 0.1 nats, bad ones above 1
        axes.set_title("Runs that differ in learning rate, batch size and seed", loc="left")
        axes.legend(frameon=False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
