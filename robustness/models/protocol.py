"""The port that every model is reached through: prompts in, answers out, in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: equal prompts must get equal answers."""

    question: str
    context: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said."""

    text: str
    """The answer; empty when the model gave none."""
    score: float
    """The model's own probability of this answer, 0 to 1."""


@runtime_checkable
class QAModel(Protocol):
    """A model that answers questions over a context."""

    @property
    def spec(self) -> str:
        """How the command line names it."""

    @property
    def kind(self) -> str:
        """Kind of model, for example ``extractive``."""

    @property
    def fingerprint(self) -> str:
        """Changes when anything that changes the answers does: weights, tokenizer, decoding."""

    @property
    def tokenizer_path(self) -> str | None:
        """Its ``tokenizer.json``, or None for a model without one."""

    @property
    def held_out_drugs(self) -> frozenset[str] | None:
        """Drugs that it was not trained on, where its training record says so."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts.

        Returns:
            One answer a prompt, in the same order.
        """
