"""The port that every model is reached through: prompts in, answers out, in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from robustness.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions.prompt import Prompt

MAX_ANSWER_CHARACTERS = 4_000
"""What is kept of an answer from outside this process; the rest is dropped."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said."""

    text: str
    """The answer; empty when the model gave none."""
    score: float | None
    """The model's own probability of this answer, 0 to 1; None where it gives none."""


class PartlyAnsweredError(ModelError):
    """A model failed on some prompts of a batch, and the answers to the others are not to be lost.

    Args:
        answers: An answer a prompt in their order, or in its place why there is none.
    """

    def __init__(self, answers: Sequence[Answer | ModelError]) -> None:
        self.answers = tuple(answers)
        first = next(each for each in self.answers if isinstance(each, ModelError))
        super().__init__(first.what, hint=first.hint, where=first.where, value=first.value)


def all_answers(outcomes: Sequence[Answer | ModelError]) -> list[Answer]:
    """The answers of a batch, when there is one for every prompt.

    Raises:
        PartlyAnsweredError: There is not; it carries those that there are.
    """
    answers = [each for each in outcomes if isinstance(each, Answer)]
    if len(answers) < len(outcomes):
        raise PartlyAnsweredError(outcomes)
    return answers


def clean_text(text: str) -> str:
    """A text from outside as it is kept: whole characters only, at most `MAX_ANSWER_CHARACTERS`.

    >>> clean_text(" tablet" + chr(0xD800))
    'tablet?'
    """
    return text[:MAX_ANSWER_CHARACTERS].encode("utf-8", "replace").decode().strip()


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

        Raises:
            PartlyAnsweredError: Some prompts have no answer.
            ModelRefusedError: No prompt can get one, so there is no use in asking on.
            ModelError: The batch as a whole failed; its prompts may be asked one by one.
        """
