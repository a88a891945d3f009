"""A model that remembers: the same prompts come again and again while Hypothesis shrinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.models import capabilities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.models import Answer, Prompt, QAModel


class Remembering:
    """A model that asks another one only what it was not asked before.

    Args:
        model: Whom to ask.
        answers: What it was asked before.
    """

    def __init__(self, model: QAModel, answers: Mapping[Prompt, Answer] | None = None) -> None:
        self._model = model
        self._answers: dict[Prompt, Answer] = dict(answers or {})
        self.spec = model.spec
        self.kind = model.kind
        self.fingerprint = model.fingerprint
        self.tokenizer_path = model.tokenizer_path
        self.held_out_drugs = model.held_out_drugs
        self.capabilities = capabilities(model)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The answers, each asked for once in the life of this object."""
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._answers]
        if new:
            self._answers |= zip(new, self._model.answer(new), strict=True)
        return [self._answers[prompt] for prompt in prompts]
