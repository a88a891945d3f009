"""What is trained: a model, its loss on examples, how it answers, and how it is saved."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from robustness.errors import InputError
from robustness.hardening.cutting import learned_tokenizer
from robustness.hardening.objective import reader_loss
from robustness.models.extractive import ExtractiveReader, read_transformers
from robustness.models.files import ModelFiles, load_adapter
from robustness.tokenizers.tokenizer_json import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from transformers import PreTrainedTokenizerBase

    from robustness.hardening.examples import Example
    from robustness.hardening.options import TrainingOptions
    from robustness.models import Answer, Prompt
    from robustness.tokenizers import Tokenizer


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


class ReaderLearner:
    """An extractive reader.

    Args:
        options: The base to load, and whether an adapter is put on it.

    Raises:
        InputError: There is no such folder.
        ModelError: It cannot be read.
    """

    def __init__(self, options: TrainingOptions) -> None:
        if not Path(options.base).is_dir():
            raise InputError(
                "No such base model", value=options.base, hint="Give a transformers folder."
            )
        model, _, _ = read_transformers(ModelFiles(options.base))
        self.model = adapted(model, options)
        adapter = Path(options.adapter) if options.adapter else None
        tokenizer = ModelFiles(options.base, adapter=adapter).tokenizer()
        self.tokenizer = learned_tokenizer(tokenizer, options)
        self.cutter = wrap(copy.deepcopy(self.tokenizer.backend_tokenizer), name="", fingerprint="")
        self._consistency = options.consistency
        self._reader = ExtractiveReader(self.model, self.tokenizer, options.base, fingerprint="")

    def loss(self, examples: Sequence[Example]) -> torch.Tensor:
        """See `robustness.hardening.objective.reader_loss`."""
        return reader_loss(self.model, self.tokenizer, examples, consistency=self._consistency)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The most probable spans."""
        return self._reader.answer(prompts)


def load_learner(options: TrainingOptions) -> Learner:
    """The model of a base, ready to be trained.

    Raises:
        InputError: The base or the options are of no use.
        ModelError: The base cannot be read.
    """
    if options.task == "choice":
        from robustness.hardening.choosing import ChoiceLearner

        return ChoiceLearner(options)
    return ReaderLearner(options)


def adapted(model: Any, options: TrainingOptions) -> Any:
    """A model with the dropout of the options, and with their adapter where there is one."""
    for module in model.modules():
        if type(module).__name__ == "Dropout":
            module.p = options.dropout
    if not options.lora_rank:
        return model
    if options.adapter:
        return load_adapter(model, Path(options.adapter), trainable=True).float()
    from robustness.hardening.adapter import put_adapter

    return put_adapter(model, options.lora_rank)
