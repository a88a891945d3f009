from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.batches import Batch, cut_batches
from robustness.answers.engines.local import LocalEngine
from robustness.answers.events import BatchAnswered, Setback
from robustness.errors import ModelRefusedError
from robustness.models import Answer, Prompt
from robustness.models.capabilities import Capabilities
from robustness.models.planted.spelling import PlantedModel

if TYPE_CHECKING:
    from collections.abc import Sequence

PROMPTS = tuple(Prompt(f"{'long ' * (i % 7)}{i}?") for i in range(100))


class Small(PlantedModel):
    """Echoes questions; has memory for some prompts at once, and remembers what it was asked."""

    memory = 5
    asked: list[int] = []  # noqa: RUF012

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        self.asked.append(len(prompts))
        if len(prompts) > self.memory:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return [Answer(prompt.question, None) for prompt in prompts]


class Sized(Small):
    """Counts tokens, prepares, and depends on the batch."""

    memory = 1000
    capabilities = Capabilities(depends_on_batch=True, tokens_at_once=40)

    def sizes(self, prompts: Sequence[Prompt]) -> list[int]:
        return [len(prompt.question.split()) for prompt in prompts]

    def prepare(self, prompts: Sequence[Prompt]) -> list[str]:
        return [prompt.question for prompt in prompts]

    def finish(self, prompts: Sequence[Prompt], prepared: Any) -> list[Answer]:
        assert len(prompts) == len(prepared)
        return [Answer(text, 0.5) for text in prepared]


@pytest.fixture(autouse=True)
def _forget() -> None:
    Small.asked = []


def answered(events: Sequence[object]) -> dict[Prompt, str]:
    return {
        prompt: answer.text
        for event in events
        if isinstance(event, BatchAnswered)
        for prompt, answer in zip(event.prompts, event.answers, strict=True)
    }


def test_out_of_memory_halves_the_batch_and_those_after_it() -> None:
    model = Small("robust")
    events = list(LocalEngine().run(model, cut_batches(model, PROMPTS)))
    assert answered(events) == {prompt: prompt.question for prompt in PROMPTS}
    assert [n for n in model.asked if n > model.memory] == [32, 16, 8]
    told = [event.message for event in events if isinstance(event, Setback)]
    assert told[-1] == "Out of memory with 8 prompts at once; going on with 4."


def test_a_prompt_that_never_fits_is_a_setback_and_the_rest_goes_on() -> None:
    class Tiny(Small):
        def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
            if PROMPTS[3] in prompts:
                raise MemoryError
            return super().answer(prompts)

    model = Tiny("robust")
    found = answered(list(LocalEngine().run(model, cut_batches(model, PROMPTS))))
    assert set(found) == set(PROMPTS) - {PROMPTS[3]}


def test_a_model_that_refuses_stops_everything() -> None:
    class Refusing(Sized):
        def finish(self, prompts: Sequence[Prompt], prepared: Any) -> list[Answer]:  # noqa: ARG002
            raise ModelRefusedError("Wrong key")

    with pytest.raises(ModelRefusedError):
        list(LocalEngine().run(Refusing("robust"), [Batch(PROMPTS)]))


def test_batches_hold_so_many_tokens_and_do_not_depend_on_the_order() -> None:
    model = Sized("robust")
    batches = cut_batches(model, PROMPTS)
    assert cut_batches(model, reversed(PROMPTS)) == batches
    assert sorted(p.key for b in batches for p in b.prompts) == sorted(p.key for p in PROMPTS)
    for batch in batches:
        assert len(batch.prompts) * max(model.sizes(batch.prompts)) <= 40
    assert len({batch.key for batch in batches}) == len(batches)
    assert {batch.key for batch in cut_batches(Small("robust"), PROMPTS)} == {""}


def test_prepared_batches_are_answered_in_order() -> None:
    model = Sized("robust")
    batches = cut_batches(model, PROMPTS)
    events = list(LocalEngine().run(model, batches))
    assert [e.prompts for e in events if isinstance(e, BatchAnswered)] == [
        batch.prompts for batch in batches
    ]
    assert answered(events) == {prompt: prompt.question for prompt in PROMPTS}
