"""Ask a model batch by batch in this process.

Prompts are sorted by length, so that a batch is padded little, and cut into batches that depend on the
plan alone. A batch is taken from the store whole or asked whole: an interrupted audit asks the very
batches that an undisturbed one would, so its answers are the same to the last bit.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from robustness.audit.events import BatchAnswered, Setback
from robustness.errors import ModelRefusedError, RobustnessError
from robustness.models import Answer, PartlyAnsweredError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.audit.events import Listener
    from robustness.audit.store import Store
    from robustness.models import Prompt, QAModel

BATCH_SIZE = 32


def answer_prompts(
    model: QAModel, prompts: Iterable[Prompt], store: Store | None, emit: Listener
) -> dict[Prompt, Answer]:
    """Answer distinct prompts.

    Args:
        model: Whom to ask.
        prompts: What to ask; equal prompts are asked once.
        store: Answers that need not be asked for, or None.
        emit: Hears of every batch.

    Returns:
        The answers by prompt. A prompt that the model failed on is missing.

    Raises:
        ModelRefusedError: The model cannot answer anything.
    """
    answers: dict[Prompt, Answer] = {}
    for batch in _batches(prompts):
        known = store.known(batch) if store else None
        if known is not None:
            answers |= zip(batch, known, strict=True)
            emit(BatchAnswered(batch, tuple(known), 0.0, from_store=True))
            continue
        started = time.perf_counter()
        given = _ask(model, batch, emit)
        seconds = time.perf_counter() - started
        answers |= given
        emit(BatchAnswered(tuple(given), tuple(given.values()), seconds, from_store=False))
    return answers


def _ask(model: QAModel, batch: Sequence[Prompt], emit: Listener) -> dict[Prompt, Answer]:
    """The answers to a batch; where it fails as a whole, those to each prompt that does not."""
    try:
        return dict(zip(batch, model.answer(batch), strict=True))
    except ModelRefusedError:
        raise
    except PartlyAnsweredError as error:
        return _given(batch, error, emit)
    except (RobustnessError, ValueError, RuntimeError) as error:
        if len(batch) == 1:
            emit(_setback(batch[0], error))
            return {}
    given: dict[Prompt, Answer] = {}
    for prompt in batch:
        given |= _ask(model, (prompt,), emit)
    return given


def _given(
    batch: Sequence[Prompt], error: PartlyAnsweredError, emit: Listener
) -> dict[Prompt, Answer]:
    """The answers that a model gave before it said that it has none to the rest."""
    given = {}
    for prompt, each in zip(batch, error.answers, strict=True):
        if isinstance(each, Answer):
            given[prompt] = each
        else:
            emit(_setback(prompt, each))
    return given


def _setback(prompt: Prompt, error: Exception) -> Setback:
    question = prompt.question if len(prompt.question) <= 200 else f"{prompt.question[:200]}..."
    return Setback(f"No answer to {question!r}: {error}")


def _batches(prompts: Iterable[Prompt]) -> list[tuple[Prompt, ...]]:
    ordered = sorted(set(prompts), key=lambda p: (len(p.question) + len(p.context), p.key))
    return [tuple(ordered[i : i + BATCH_SIZE]) for i in range(0, len(ordered), BATCH_SIZE)]
