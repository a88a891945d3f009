from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.asking import Asking
from robustness.answers.store import Store
from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.models.capabilities import Capabilities
from robustness.search import (
    Exhaustive,
    GreedyDrop,
    LearnedOrder,
    RandomOrder,
    assemble,
    neighbourhood,
    search,
)
from robustness.search.runner import ROUND
from tests.search.planted import SOURCE, Planted, nowhere, prepared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from robustness.search import Order, Search

ORDERS: dict[str, Callable[[], Order]] = {
    "learned": lambda: LearnedOrder(None),
    "exhaustive": Exhaustive,
    "random": lambda: RandomOrder(3),
    "greedy": lambda: GreedyDrop(3),
}
each_order = pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)


def vowels_lost(relation: str, name: str) -> bool:
    """A planted weakness: short words and no u or o."""
    return relation != "route" and name.endswith("n") and sum(c in "aeiou" for c in name) < 3


def saved(done: Search, model: Planted) -> dict[str, Any]:
    return assemble(done, model, source=SOURCE, seed=0)


@each_order
def test_everything_is_found_and_proven_without_a_budget(order: Callable[[], Order]) -> None:
    """Against brute force: the first of the ordered neighbourhood that breaks is the one to find."""
    slots = prepared("metformin", "warfarin", relations=4)
    done = search(SOURCE, slots, Planted(vowels_lost), order(), budget=0, refine=1000, max_edits=1)
    for question in done.questions:
        slot, near = question.slot, question.near
        breakers = [
            one for one in near.misspellings[: near.ones] if vowels_lost(slot.relation, one.text)
        ]
        if not breakers:
            assert question.found is None
            assert question.proven_to_hold
            assert question.queries == near.ones + 1
            continue
        assert question.found is not None
        assert question.found.misspelling == breakers[0]
        assert question.minimal
        assert question.most_probable


@each_order
@pytest.mark.parametrize("budget", [2, 7, 33])
def test_the_budget_is_honoured_to_the_last_query(order: Callable[[], Order], budget: int) -> None:
    slots = prepared("metformin", "warfarin", "lisinopril")
    model = Planted(nowhere)
    done = search(SOURCE, slots, model, order(), budget=budget)
    assert done.queries == len(model.asked) == budget * len(slots)
    assert sum(question.queries for question in done.questions) == done.queries
    assert len(set(model.asked)) == len(model.asked)


def test_what_easy_questions_leave_over_goes_to_the_others() -> None:
    slots = prepared("metformin", "warfarin")
    model = Planted(
        lambda relation, name: relation == "class" and name not in ("metformin", "warfarin")
    )
    done = search(SOURCE, slots, model, LearnedOrder(None), budget=20, refine=0)
    broken = [question for question in done.questions if question.found]
    assert {question.slot.relation for question in broken} == {"class"}
    assert max(question.queries for question in broken) < 20
    assert max(question.queries for question in done.questions) > 20
    assert done.queries == 20 * len(slots)


@each_order
@pytest.mark.parametrize("size", [1, 7])
def test_the_batch_size_does_not_matter(order: Callable[[], Order], size: int) -> None:
    slots = prepared("metformin", "lisinopril", "warfarin")
    model = Planted(vowels_lost)
    whole = saved(search(SOURCE, slots, model, order(), budget=15), model)
    model.capabilities = Capabilities(prompts_at_once=size)
    assert saved(search(SOURCE, slots, model, order(), budget=15), model) == whole


def test_collisions_are_never_asked() -> None:
    slots = prepared("prednisone", "hydroxyzine", relations=1)
    model = Planted(nowhere)
    search(SOURCE, slots, model, Exhaustive(), budget=0)
    intended = {slot.name for slot in slots}
    for name in set(model.names) - intended:
        assert all(
            load_known_names().is_another_drug(name, meant) is None
            for meant in intended
            if name in {one.text for one in neighbourhood(meant).misspellings}
        )


def test_two_edits_are_tried_when_no_single_one_breaks_it_and_the_proof_counts_failures() -> None:
    (slot,) = prepared("metformin", relations=1)
    near = neighbourhood("metformin")
    target, gap = near.misspellings[near.ones + 3].text, near.misspellings[200].text
    done = search(
        SOURCE, [slot], Planted(lambda _, name: name == target), LearnedOrder(None), budget=0
    )
    question = done.questions[0]
    assert question.found is not None
    assert (question.found.misspelling.text, question.found.misspelling.distance) == (target, 2)
    assert question.minimal
    deaf = Planted(lambda _, name: name == target, fails=lambda _, name: name == gap)
    question = search(SOURCE, [slot], deaf, LearnedOrder(None), budget=0).questions[0]
    assert question.found is not None
    assert not question.minimal
    record = saved(search(SOURCE, [slot], deaf, LearnedOrder(None), budget=0), deaf)["questions"][0]
    assert (record["minimal"], record["distance"]) == ("not proven", 2)


def test_more_probable_ones_are_looked_for_only_as_often_as_allowed() -> None:
    slots = prepared("metformin", relations=1)
    bad = neighbourhood("metformin").misspellings[300].text
    model = Planted(lambda _, name: name == bad)
    found = search(SOURCE, slots, model, RandomOrder(1), budget=0, refine=4).questions[0]
    assert found.queries == found.queries_to_break + 4
    assert not found.most_probable
    assert found.minimal


def test_a_model_that_always_fails_is_neither_broken_nor_held() -> None:
    slots = prepared("metformin", relations=2)
    deaf = Planted(lambda *_: False, fails=lambda *_: True)
    results = saved(search(SOURCE, slots, deaf, LearnedOrder(None), budget=5), deaf)
    assert results["counts"]["errors"] == 2
    assert results["counts"]["queries"] == 2
    half = Planted(lambda *_: False, fails=lambda _, name: name != "metformin")
    results = saved(search(SOURCE, slots, half, LearnedOrder(None), budget=5), half)
    assert {one["status"] for one in results["questions"]} == {"error"}


def test_models_without_scores_are_searched_too() -> None:
    slots = prepared("metformin", "warfarin", relations=3)
    model = Planted(vowels_lost, scored=False)
    done = search(SOURCE, slots, model, LearnedOrder(None), budget=60)
    assert any(question.found for question in done.questions)


def test_a_stopped_search_goes_on_from_its_store(tmp_path: Path) -> None:
    slots = prepared("metformin", "lisinopril")
    first, second = Planted(vowels_lost), Planted(vowels_lost)

    def run(model: Planted, budget: int) -> dict[str, Any]:
        with Store(tmp_path / "search.sqlite", model.fingerprint) as store:
            done = search(
                SOURCE, slots, model, LearnedOrder(None), budget=budget, asking=Asking(store)
            )
        return saved(done, model)

    run(first, 10)
    longer = run(second, 20)
    # The round that the smaller budget cut short is asked again as a whole.
    assert 10 * len(slots) <= len(second.asked) <= 10 * len(slots) + ROUND
    third = Planted(vowels_lost)
    assert run(third, 20) == longer
    assert third.asked == []


@pytest.mark.parametrize(("budget", "refine"), [(1, 0), (-3, 0), (10, -1)])
def test_impossible_numbers(budget: int, refine: int) -> None:
    slots = prepared("metformin")
    model = Planted(vowels_lost)
    with pytest.raises(InputError, match=r"budget|negative"):
        search(SOURCE, slots, model, Exhaustive(), budget=budget, refine=refine)
    with pytest.raises(InputError, match="Nothing to search"):
        search(SOURCE, [], model, Exhaustive())
