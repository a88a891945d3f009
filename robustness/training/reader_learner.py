"""An extractive reader that gradient descent may change."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING

from robustness.errors import InputError
from robustness.models.extractive.reader import ExtractiveReader, read_transformers
from robustness.models.weight_files import ModelFiles
from robustness.tokenizers.tokenizer_json import wrap
from robustness.training.learner import adapted
from robustness.training.loss import reader_loss
from robustness.training.short_piece_tokenizer import learned_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from robustness.models import Answer, Prompt
    from robustness.training.examples import Example
    from robustness.training.options import TrainingOptions


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
        """See `robustness.training.loss.reader_loss`."""
        return reader_loss(self.model, self.tokenizer, examples, consistency=self._consistency)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The most probable spans."""
        return self._reader.answer(prompts)
