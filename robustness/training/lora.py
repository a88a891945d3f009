"""LoRA adapters (Hu et al. 2021) through `peft`: trained next to frozen weights and saved by themselves."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel


def put_adapter(model: PreTrainedModel, rank: int) -> Any:
    """The model with a fresh adapter of this rank on all linear layers; only that is trained."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config)


def adapter_rank(folder: Path) -> int:
    """The rank of a saved LoRA adapter.

    Raises:
        InputError: There is none.
    """
    path = folder / "adapter_config.json"
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["r"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "No LoRA adapter", where=folder, hint="Give a folder that robustness train wrote."
        ) from error


def save_adapter(model: Any, folder: Path, *, base: str) -> None:
    """Write the adapter alone, in bfloat16.

    Args:
        model: What `put_adapter` or `robustness.models.weight_files.load_adapter` returned.
        folder: Where to.
        base: How the adapter names the model that it belongs to.
    """
    import torch

    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.bfloat16)
    # "auto" would ask the hub whether the base has as many tokens
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # a template without content
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"base_model_name_or_path": base}
    path.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")
