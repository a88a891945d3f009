"""Fine-tune a model by gradient descent on questions made from the fixtures, or on one's own.

AdamW (Loshchilov and Hutter 2019) with a one-cycle learning rate (linear warm-up, cosine decay), the
loss of `objective`, and accuracy on drugs never trained on. The same options give the same run, whether
it was interrupted or not. Names are spelled correctly unless the options ask for noise.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from robustness.drugs import load_drugs, load_look_alikes, table_versions
from robustness.errors import InputError
from robustness.files import (
    check_replaceable,
    make_folder,
    output_errors,
    read_regular,
    remove_folder,
    whole_folder,
)
from robustness.questions import UserDataSource
from robustness.training.augmentation import Noise
from robustness.training.checkpoint import CurvePoint, load_checkpoint, save_checkpoint
from robustness.training.examples import (
    ExampleSource,
    FileQuestions,
    LeafletQuestions,
    is_held_out,
    whole_words,
    with_more_names,
)
from robustness.training.learners import load_learner
from robustness.training.options import TrainingOptions, check_options
from robustness.verdicts import same

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from robustness.questions import Case
    from robustness.tokenizers import Tokenizer
    from robustness.training.examples import Example, Questions
    from robustness.training.learner import Learner


_LARGEST_RECORD = 10_000_000
_PART = 8
"""Examples in one forward pass; their gradients are added up."""


class Progress(Protocol):
    """Listens to a run."""

    def __call__(self, *, step: int, loss: float, accuracy: float | None) -> None:
        """Called after every step, with the last held-out accuracy there is."""


def train(
    options: TrainingOptions, out: Path, progress: Progress, *, fresh: bool = False
) -> dict[str, Any]:
    """Fine-tune a model and write it, with its record, to a folder.

    Args:
        options: What to do.
        out: Folder of the result; checkpoints are kept next to it until the run is done.
        progress: Called after every step.
        fresh: Throw a checkpoint away instead of going on from it.

    Returns:
        The record that is also written as ``training.json``.

    Raises:
        InputError: The options or the base are of no use.
        OutputError: The result cannot be written.
    """
    import torch

    check_options(options)
    check_replaceable(out)
    make_folder(out.parent)
    torch.manual_seed(options.seed)
    learner = load_learner(options)
    optimizer = torch.optim.AdamW(
        [one for one in learner.model.parameters() if one.requires_grad],
        lr=options.learning_rate,
        weight_decay=options.weight_decay,
    )
    target = Path(os.path.realpath(out))  # "." has no name
    checkpoint = target.with_name(f"{target.name}.checkpoint")
    check_replaceable(checkpoint)
    if fresh:
        remove_folder(checkpoint)
    identity = _settings(options) | {"tables": _tables()}
    step, curve = load_checkpoint(
        checkpoint, options=identity, model=learner.model, optimizer=optimizer
    )
    training, held_out = _sources(options, learner.cutter)
    losses: list[float] = []
    while step < options.steps:
        examples = training.batch(options.seed, step, options.batch_size)
        losses.append(_step(learner, optimizer, examples, options, _learning_rate(options, step)))
        step += 1
        if step % options.evaluate_every == 0 or step == options.steps:
            asked = options.evaluation_questions * (4 if step == options.steps else 1)
            loss = round(sum(losses) / len(losses), 6)
            curve.append(CurvePoint(step, loss, *_accuracies(learner, held_out, asked, options)))
            losses.clear()
            save_checkpoint(
                checkpoint,
                options=identity,
                step=step,
                curve=curve,
                model=learner.model,
                optimizer=optimizer,
            )
        progress(
            step=step,
            loss=losses[-1] if losses else curve[-1].loss,
            accuracy=curve[-1].held_out_accuracy if curve else None,
        )
    record = _record(options, curve)
    _save(learner, record, curve, target)
    remove_folder(checkpoint)
    return record


def _sources(
    options: TrainingOptions, cutter: Tokenizer | None
) -> tuple[ExampleSource, ExampleSource]:
    """Examples to train on, and those of held-out drugs, whose misspellings are the observed ones."""
    noise = evaluation = None
    if options.noise != "none" or options.resegment:
        noise = Noise(options, _held_out(options), cutter)
        typed = replace(options, noise_share=1.0, noise_channels=("observed",), resegment=0.0)
        evaluation = Noise(typed, (), None)
    training, held_out = _questions(options, cutter)
    return ExampleSource(training, noise), ExampleSource(held_out, evaluation)


def _questions(options: TrainingOptions, cutter: Tokenizer | None) -> tuple[Questions, Questions]:
    if options.questions_from:
        source = UserDataSource(Path(options.questions_from))
        share = options.held_out_share
        return (
            FileQuestions(source, held_out=False, share=share),
            FileQuestions(source, held_out=True, share=share),
        )
    drugs, look_alikes = load_drugs(), load_look_alikes()
    held = set(_held_out(options))
    if options.task == "choice":
        from robustness.training.choice_learner import ChoiceQuestions

        seen = {drug.name for drug in drugs} - held
        return ChoiceQuestions(seen, options.seed), ChoiceQuestions(held, options.seed)
    words = whole_words(cutter) if cutter and not options.short_pieces else ()
    trained = [drug for drug in drugs if drug.name not in held]
    pool = with_more_names(trained, options.more_names, words)
    return (
        LeafletQuestions(pool, pool, look_alikes, short=options.short_leaflets),
        LeafletQuestions([drug for drug in drugs if drug.name in held], drugs, look_alikes),
    )


def _held_out(options: TrainingOptions) -> list[str]:
    """The drugs that are never trained on, by name, in alphabetical order."""
    return sorted(d.name for d in load_drugs() if is_held_out(d.name, options.held_out_share))


def _step(
    learner: Learner,
    optimizer: torch.optim.Optimizer,
    examples: Sequence[Example],
    options: TrainingOptions,
    learning_rate: float,
) -> float:
    import torch

    learner.model.train()
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    optimizer.zero_grad()
    total = 0.0
    for part in _parts(examples):
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16"):
            loss = learner.loss(part)
        loss = loss * len(part) / len(examples)
        torch.autograd.backward([loss])
        total += float(loss.detach())
    torch.nn.utils.clip_grad_norm_(learner.model.parameters(), options.clip)
    optimizer.step()
    return total


def _parts(examples: Sequence[Example]) -> list[Sequence[Example]]:
    """A batch in parts of like length, so that little of it is padding."""
    ordered = sorted(examples, key=lambda one: len(one.case.leaflet.text))
    return [ordered[i : i + _PART] for i in range(0, len(ordered), _PART)]


def _tables() -> dict[str, str]:
    versions = table_versions()
    return {table: versions[table] for table in ("drugs", "lookalikes")}


def _accuracies(
    learner: Learner, source: ExampleSource, questions: int, options: TrainingOptions
) -> tuple[float, float | None]:
    """Shares of right answers about held-out drugs: with correct names, and with observed misspellings."""
    seeds = [f"evaluation/{i}" for i in range(questions)]
    clean = _accuracy(learner, [source.draw(seed) for seed in seeds])
    if options.noise == "none":
        return clean, None
    return clean, _accuracy(learner, [source.example(seed).case for seed in seeds])


def _accuracy(learner: Learner, cases: Sequence[Case]) -> float:
    learner.model.eval()
    ordered = sorted(cases, key=lambda case: len(case.leaflet.text))
    right = 0
    for start in range(0, len(ordered), 32):
        some = ordered[start : start + 32]
        answers = learner.answer([case.prompt for case in some])
        right += sum(same(a.text, case.gold) for a, case in zip(answers, some, strict=True))
    return round(right / len(cases), 6)


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

    held = _held_out(options)
    return {
        "schema_version": 1,
        "options": _settings(options)
        | {"base": _base_name(options.base), "adapter": _base_name(options.adapter)},
        "before": _before(options.adapter),
        "optimizer": "AdamW, betas 0.9 and 0.999, epsilon 1e-8",
        "schedule": "one cycle: linear warm-up, cosine decay to 0",
        "names": _names(options),
        "method": f"lora, rank {options.lora_rank}" if options.lora_rank else "all weights",
        "tables": _tables(),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "trained_drugs": len(load_drugs()) - len(held),
        "held_out_drugs": held,
        "held_out_accuracy": curve[-1].held_out_accuracy,
        "held_out_misspelled_accuracy": curve[-1].misspelled_accuracy,
        "curve": [asdict(point) for point in curve],
    }


def _names(options: TrainingOptions) -> str:
    if options.noise == "none":
        return "correct spellings only"
    channels = " and ".join(options.noise_channels)
    return (
        f"{options.noise_share:.0%} of the questions misspelled with up to {options.noise_edits} edits"
        f" ({channels}), fitted without the held-out drugs"
    )


def _settings(options: TrainingOptions) -> dict[str, Any]:
    """The options as JSON gives them back."""
    settings: dict[str, Any] = json.loads(json.dumps(asdict(options)))
    return settings


def _before(adapter: str) -> dict[str, Any] | None:
    """How the adapter was trained that the run went on from: its options, and what came before it."""
    path = Path(adapter) / "training.json"
    if not adapter or not path.is_file():
        return None
    try:
        record = json.loads(read_regular(path, most_bytes=_LARGEST_RECORD))
        return {"options": record["options"], "before": record.get("before")}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "Not a training record", where=path, hint="Remove it, or train the adapter again."
        ) from error


def _base_name(base: str) -> str:
    """The base without the place where it lies; a packaged model is named by its package."""
    path = Path(base)
    return path.parent.name if path.name == "model" else path.name


def _save(learner: Learner, record: dict[str, Any], curve: Sequence[CurvePoint], out: Path) -> None:

    from robustness.training.card import model_card
    from robustness.training.curve import draw_curve

    with whole_folder(out) as folder, output_errors(out):
        if "lora" in record["method"]:
            from robustness.training.lora import save_adapter

            save_adapter(learner.model, folder, base=record["options"]["base"])
        else:
            learner.model.bfloat16().save_pretrained(folder)
        if learner.cutter:
            learner.tokenizer.save_pretrained(folder)
        (folder / "training.json").write_text(
            json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        (folder / "training.svg").write_text(draw_curve(curve), encoding="utf-8")
        (folder / "README.md").write_text(model_card(record), encoding="utf-8")
