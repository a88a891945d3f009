"""The model under test as properties see it: asked every prompt once, in sorted batches, with a store.

Answers are asked for through `robustness.answers.engines.local`, so an audit and the properties share them.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from robustness.answers.asking import answer_prompts
from robustness.answers.events import BatchAnswered, Setback
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from robustness.answers.events import Event
    from robustness.answers.store import Store
    from robustness.models import Answer, Prompt, QAModel
    from robustness.tokenizers import Tokenizer

    Emit = Callable[[Event], None]
    Asker = Callable[[QAModel, list[Prompt], Store | None, Emit, int], dict[Prompt, Answer]]


def ask_here(
    model: QAModel, prompts: list[Prompt], store: Store | None, emit: Emit, turn: int
) -> dict[Prompt, Answer]:
    """Ask in this process; `turn` tells first from second answers, which are no matter here."""
    del turn
    return answer_prompts(model, prompts, store, emit)


class Subject:
    """A model, its tokenizer, and what it was asked so far.

    Args:
        model: Whom to ask.
        store: Answers of earlier runs, and where new ones are kept; None for none.
        asker: How a batch is asked. Default: in this process.

    Attributes:
        asked: Prompts that the model was asked.
        from_store: Prompts whose answers were in the store.
        setbacks: What went wrong, a line each.
    """

    def __init__(
        self, model: QAModel, *, store: Store | None = None, asker: Asker = ask_here
    ) -> None:
        self.model = model
        self._store, self._asker = store, asker
        self._answers: dict[Prompt, Answer] = {}
        self._second: dict[Prompt, Answer] = {}
        self._failed: set[Prompt] = set()
        self.asked = self.from_store = 0
        self.setbacks: list[str] = []

    @cached_property
    def tokenizer(self) -> Tokenizer | None:
        """The model's tokenizer, or None where it shows none."""
        path = self.model.tokenizer_path
        return load_tokenizer(path, name=self.model.spec) if path else None

    def ask(self, prompts: Iterable[Prompt]) -> dict[Prompt, Answer]:
        """The answers to prompts, each asked for once in the life of this object.

        Returns:
            Answers by prompt; a prompt that the model failed on is missing.
        """
        wanted = list(dict.fromkeys(prompts))
        new = [p for p in wanted if p not in self._answers and p not in self._failed]
        if new:
            given = self._asker(self.model, new, self._store, self._to(self._store), 1)
            self._answers |= given
            self._failed |= set(new) - set(given)
        return {p: self._answers[p] for p in wanted if p in self._answers}

    def ask_again(self, prompts: Sequence[Prompt]) -> dict[Prompt, Answer]:
        """A second answer to prompts, asked for afresh even where the first is known."""
        new = [p for p in dict.fromkeys(prompts) if p not in self._second]
        if new:
            with self._store.repeats() if self._store else nullcontext() as second:
                self._second |= self._asker(self.model, new, second, self._to(second), 2)
        return {p: self._second[p] for p in prompts if p in self._second}

    def _to(self, store: Store | None) -> Callable[[Event], None]:
        def listen(event: Event) -> None:
            if store:
                store.listen(event)
            if isinstance(event, BatchAnswered):
                self.asked += 0 if event.from_store else len(event.prompts)
                self.from_store += len(event.prompts) if event.from_store else 0
            elif isinstance(event, Setback):
                self.setbacks.append(event.message)

        return listen
