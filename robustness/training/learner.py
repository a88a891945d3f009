"""What is trained, as training sees it: the port, and the base model with what the options put on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from robustness.models.weight_files import load_adapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from transformers import PreTrainedTokenizerBase

    from robustness.models import Answer, Prompt
    from robustness.tokenizers import Tokenizer
    from robustness.training.examples import Example
    from robustness.training.options import TrainingOptions


class Learner(Protocol):
    """A model that gradient descent may change."""

    @property
    def model(self) -> Any:
        """Its weights: a module of torch, with an adapter on it where one is trained."""

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Its tokenizer."""

    @property
    def cutter(self) -> Tokenizer | None:
        """The same, as X-rays look at it; None where it has no ``tokenizer.json``."""

    def loss(self, examples: Sequence[Example]) -> torch.Tensor:
        """The loss of some examples, in nats, with gradient."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answers, as an audit would get them."""


def adapted(model: Any, options: TrainingOptions) -> Any:
    """A model with the dropout of the options, and with their adapter where there is one."""
    for module in model.modules():
        if type(module).__name__ == "Dropout":
            module.p = options.dropout
    if not options.lora_rank:
        return model
    if options.adapter:
        return load_adapter(model, Path(options.adapter), trainable=True).float()
    from robustness.training.lora import put_adapter

    return put_adapter(model, options.lora_rank)
