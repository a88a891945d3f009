"""The engine of this process: one batch after another, the next one prepared meanwhile.

A model that has ``prepare`` (tokenizing, which needs no model) and ``finish`` (the rest) is asked through
these: a thread prepares the next batch while this one computes. A batch that does not fit into memory is
halved, and later ones are cut to the size that fits.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from robustness.answers.events import BatchAnswered, Setback
from robustness.errors import ModelRefusedError, RobustnessError
from robustness.models import Answer, PartlyAnsweredError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from robustness.answers.batches import Batch
    from robustness.answers.events import Event
    from robustness.models import Prompt, QAModel

_NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory")


class LocalEngine:
    """Asks a model in this process.

    Attributes:
        most: Prompts that fit into memory at once, as far as that is known; None before memory ran out.
    """

    def __init__(self) -> None:
        self.most: int | None = None

    def run(self, model: QAModel, batches: Iterable[Batch]) -> Iterator[Event]:
        """Answer batches in their order, see `robustness.answers.engines.engine.Engine`."""
        for batch, prepared in _ahead(getattr(model, "prepare", None), batches):
            setbacks: list[Setback] = []
            started = time.perf_counter()
            given = self._ask(model, batch.prompts, setbacks, prepared)
            seconds = time.perf_counter() - started
            yield from setbacks
            yield BatchAnswered(
                tuple(given), tuple(given.values()), seconds, from_store=False, key=batch.key
            )

    def _ask(
        self,
        model: QAModel,
        prompts: Sequence[Prompt],
        setbacks: list[Setback],
        prepared: Callable[[], Any] | None = None,
    ) -> dict[Prompt, Answer]:
        """The answers to a batch; where it fails as a whole, those to the parts that do not."""
        if self.most and len(prompts) > self.most:
            return self._parts(model, prompts, setbacks, self.most)
        try:
            return dict(zip(prompts, _answers(model, prompts, prepared), strict=True))
        except ModelRefusedError:
            raise
        except PartlyAnsweredError as error:
            return _given(prompts, error, setbacks)
        except (RobustnessError, ValueError, RuntimeError, MemoryError) as error:
            if len(prompts) == 1:
                setbacks.append(_setback(prompts[0], error))
                return {}
            size = 1
            if _out_of_memory(error):
                self.most = size = (len(prompts) + 1) // 2
                told = f"Out of memory with {len(prompts)} prompts at once; going on with {size}."
                setbacks.append(Setback(told))
        # outside of the handler: the error holds on to the memory of what failed
        _free_memory()
        return self._parts(model, prompts, setbacks, size)

    def _parts(
        self, model: QAModel, prompts: Sequence[Prompt], setbacks: list[Setback], size: int
    ) -> dict[Prompt, Answer]:
        given: dict[Prompt, Answer] = {}
        for start in range(0, len(prompts), size):
            given |= self._ask(model, prompts[start : start + size], setbacks)
        return given


def _ahead(
    prepare: Callable[[Sequence[Prompt]], Any] | None, batches: Iterable[Batch]
) -> Iterator[tuple[Batch, Callable[[], Any] | None]]:
    """Batches, each with what gives it prepared; the next one is being prepared by then."""
    if prepare is None:
        yield from ((batch, None) for batch in batches)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="prepare") as pool:
        waiting: tuple[Batch, Callable[[], Any]] | None = None
        for batch in chain(batches, [None]):
            begun = (batch, pool.submit(prepare, batch.prompts).result) if batch else None
            if waiting:
                yield waiting
            waiting = begun


def _answers(
    model: QAModel, prompts: Sequence[Prompt], prepared: Callable[[], Any] | None
) -> Sequence[Answer]:
    if prepared is None:
        return model.answer(prompts)
    finish: Callable[[Sequence[Prompt], Any], list[Answer]] = partial(getattr(model, "finish"))  # noqa: B009
    return finish(prompts, prepared())


def _given(
    prompts: Sequence[Prompt], error: PartlyAnsweredError, setbacks: list[Setback]
) -> dict[Prompt, Answer]:
    """The answers that a model gave before it said that it has none to the rest."""
    given = {}
    for prompt, each in zip(prompts, error.answers, strict=True):
        if isinstance(each, Answer):
            given[prompt] = each
        else:
            setbacks.append(_setback(prompt, each))
    return given


def _setback(prompt: Prompt, error: BaseException) -> Setback:
    question = prompt.question if len(prompt.question) <= 200 else f"{prompt.question[:200]}..."
    return Setback(f"No answer to {question!r}: {error}")


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(text in str(error).lower() for text in _NO_MEMORY)


def _free_memory() -> None:
    """Give memory that nothing uses back to the graphics card, where torch holds some there."""
    import sys

    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
