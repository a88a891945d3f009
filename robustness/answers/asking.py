"""Get the answers to prompts: from the store what it has, from an engine the rest.

Where answers depend on the batch to the last bit, a batch is taken from the store whole or asked whole, so
an audit that goes on after a crash ends with the same numbers as an undisturbed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.answers.batches import Batch, cut_batches
from robustness.answers.engines.local import LocalEngine
from robustness.answers.events import BatchAnswered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from robustness.answers.engines.engine import Engine
    from robustness.answers.events import Event, Listener
    from robustness.answers.store import Store
    from robustness.models import Answer, Prompt, QAModel


@dataclass(frozen=True, slots=True)
class Asking:
    """Where the answers of an audit come from, and who hears of them."""

    store: Store | None = None
    """Keeps answers, and gives those that it has."""
    engine: Engine | None = None
    """Where batches are computed; None for this process."""
    listeners: tuple[Listener, ...] = ()
    """Hear every event, in this order, the store before them."""

    def tell(self, event: Event) -> None:
        """Pass an event on to all who hear."""
        if self.store:
            self.store.listen(event)
        for listener in self.listeners:
            listener(event)


def answer_prompts(
    model: QAModel,
    prompts: Iterable[Prompt],
    store: Store | None,
    emit: Listener,
    *,
    engine: Engine | None = None,
) -> dict[Prompt, Answer]:
    """Answer distinct prompts.

    Args:
        model: Whom to ask.
        prompts: What to ask; equal prompts are asked once.
        store: Answers that need not be asked for, or None.
        emit: Hears of every batch.
        engine: Where batches are computed; this process when it is not given.

    Returns:
        The answers by prompt. A prompt that the model failed on is missing.

    Raises:
        ModelRefusedError: The model cannot answer anything.
    """
    answers: dict[Prompt, Answer] = {}
    batches = cut_batches(model, prompts)

    def missing() -> Iterator[Batch]:
        for batch in batches:
            known = store.known(batch) if store else {}
            if known:
                answers.update(known)
                emit(BatchAnswered(tuple(known), tuple(known.values()), 0.0, from_store=True))
            rest = tuple(prompt for prompt in batch.prompts if prompt not in known)
            if rest:
                yield Batch(rest, batch.key)

    for event in (engine or LocalEngine()).run(model, missing()):
        if isinstance(event, BatchAnswered):
            answers.update(zip(event.prompts, event.answers, strict=True))
        emit(event)
    return answers
