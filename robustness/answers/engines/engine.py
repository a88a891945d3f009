"""The port of an engine: batches of a plan in, events with their answers out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from robustness.answers.batches import Batch
    from robustness.answers.events import Event
    from robustness.models import QAModel


class Engine(Protocol):
    """Computes batches somewhere. It keeps nothing: whoever hears its events stores the answers."""

    def run(self, model: QAModel, batches: Iterable[Batch]) -> Iterator[Event]:
        """Answer batches, in any order.

        A batch is asked as it is, for its answers may depend on what is asked together; it is divided only
        where it fails as a whole.

        Yields:
            `BatchAnswered` once for each batch, with the prompts that have an answer and the batch's key;
            `Setback` for each prompt that has none.

        Raises:
            ModelRefusedError: The model cannot answer anything.
        """
