"""Training checkpoints without pickle: tensors as safetensors, the rest as JSON, written whole.

Holds what a run needs to go on exactly where it was: weights, AdamW's moments, the state of torch's
random numbers, the step and the curve. The learning rate and the examples follow from the step.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from robustness.errors import InputError
from robustness.files import whole_folder

if TYPE_CHECKING:
    from pathlib import Path

    import torch


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of the training curve."""

    step: int
    loss: float
    """Mean training loss since the last point, in nats."""
    held_out_accuracy: float
    """Share of questions about held-out drugs that were answered right."""
    misspelled_accuracy: float | None = None
    """The same with their names as people misspelled them; None when training knew no misspellings."""


def save_checkpoint(
    folder: Path,
    *,
    options: dict[str, object],
    step: int,
    curve: list[CurvePoint],
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
) -> None:
    """Write a checkpoint, replacing the one before.

    Raises:
        OutputError: It cannot be written; the one before is untouched.
    """
    import torch
    from safetensors.torch import save_file

    tensors = {f"model/{name}": value for name, value in _learned(model).items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{index}/{name}": value for name, value in state.items()}
    tensors["random"] = torch.get_rng_state()
    state = {"options": options, "step": step, "curve": [asdict(point) for point in curve]}
    with whole_folder(folder) as temporary:
        save_file(
            {k: v.clone().contiguous() for k, v in tensors.items()}, temporary / "state.safetensors"
        )
        (temporary / "state.json").write_text(json.dumps(state), encoding="utf-8")


def load_checkpoint(
    folder: Path,
    *,
    options: dict[str, object],
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
) -> tuple[int, list[CurvePoint]]:
    """Take up a checkpoint where there is one.

    Returns:
        The number of steps done and the curve so far; 0 and an empty list without a checkpoint.

    Raises:
        InputError: The checkpoint is of a run with other options, or cannot be read.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not folder.is_dir():
        return 0, []
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        tensors = load_file(folder / "state.safetensors")
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(
            "The checkpoint cannot be read", where=folder, hint="Start again with --fresh."
        ) from error
    if state["options"] != options:
        raise InputError(
            "The checkpoint is of a run with other options",
            where=folder,
            hint="Give the same options, another --out, or --fresh.",
        )
    model.load_state_dict(_under(tensors, "model/"), strict=False)
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in _under(tensors, "optimizer/").items():
        index, name = key.split("/")
        moments.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict(
        {"state": moments, "param_groups": optimizer.state_dict()["param_groups"]}
    )
    torch.set_rng_state(tensors["random"])
    return state["step"], [CurvePoint(**point) for point in state["curve"]]


def _learned(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The state of a model without frozen weights, which a run finds in its base again."""
    every = model.named_parameters(remove_duplicate=False)
    frozen = {name for name, parameter in every if not parameter.requires_grad}
    return {name: value for name, value in model.state_dict().items() if name not in frozen}


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
