"""The learned order: it finds out on the way what breaks a model, and uses it for the next question."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
import pytest

from robustness.search import GreedyDrop, LearnedOrder, RandomOrder, search
from robustness.search.learned import FEATURES
from robustness.tokenizers import load_tokenizer
from tests.search.planted import SOURCE, Planted, drugs, nowhere, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.models import Answer, Prompt
    from robustness.questions import Slot
    from robustness.search import Order


def needed(order: Order, slots: list[Slot], model: Planted, budget: int) -> float:
    """Mean queries to the first break; a question that held counts what it was asked."""
    done = search(SOURCE, slots, model, order, budget=budget, refine=0)
    return mean(question.queries_to_break or question.queries for question in done.questions)


WEAKNESSES: dict[str, Callable[[str, str], bool]] = {
    "rare first letter": lambda _, name: name[0] in "xz",
    "doubled first letter": lambda _, name: name[1] == name[0],
    "ends in two consonants": lambda _, name: not set(name[-2:]) & set("aeiouy"),
}
"""Weaknesses of a few misspellings in 500; the last one goes against the prior."""


@pytest.mark.parametrize("breaks", WEAKNESSES.values(), ids=WEAKNESSES)
def test_a_planted_weakness_is_learned(breaks: Callable[[str, str], bool]) -> None:
    slots = prepared(*(name for name in drugs(25) if not breaks("", name)), relations=1)
    learned, random, greedy = (
        needed(order, slots, Planted(breaks), 40)
        for order in (LearnedOrder(None), RandomOrder(0), GreedyDrop(0))
    )
    assert learned < min(random, greedy)


def test_what_broke_one_question_of_a_drug_is_tried_on_the_others() -> None:
    names = drugs(12)
    slots = prepared(*names)
    done = search(
        SOURCE,
        slots,
        Planted(lambda _, name: len(name) % 3 == 0 and name.count("e") == 2 and name[0] in "lm"),
        LearnedOrder(None),
        budget=60,
        refine=0,
    )
    same = [
        {q.found.misspelling.text for q in done.questions if q.found and q.slot.name == name}
        for name in names
    ]
    assert any(same)
    broken = [q for q in done.questions if q.found]
    assert sum(map(len, same)) < 0.6 * len(broken)


def test_features_are_of_one_size_and_finite() -> None:
    order = LearnedOrder(load_tokenizer("reader-clean"))
    slots = prepared("metformin", "lactulose", relations=2)
    done = search(SOURCE, slots, Planted(lambda _, name: name[0] == "l"), order, budget=30)
    for question in done.questions:
        features = order.features(question)
        assert features.shape == (len(question.near), len(FEATURES))
        assert np.isfinite(features).all()
        assert np.abs(features).max() <= 1.5
    assert np.isfinite(order.belief.mean).all()


class Margin(Planted):
    """Its answers hold, but its score drops when the end of the name is not the right one."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        intact = ["min" in prompt.question for prompt in prompts]
        return [
            one if whole else replace(one, score=0.2)
            for one, whole in zip(super().answer(prompts), intact, strict=True)
        ]


def test_answers_that_nearly_broke_draw_the_search_to_their_place() -> None:
    order, slots = LearnedOrder(None), prepared("metformin", relations=1)
    (question,) = search(SOURCE, slots, Margin(nowhere), order, budget=80).questions
    echo = order.features(question)[:, FEATURES.index("echo_place")]
    place = np.array([one.edits[0].position for one in question.near.misspellings])
    assert echo[place == 7].max() > 0.1
    assert echo[place == 7].min() > echo[place <= 1].max()
