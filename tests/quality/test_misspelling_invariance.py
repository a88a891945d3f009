"""The property on real and planted models: it finds what is there, and shrinks it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from robustness.drugs import invented_names, load_drugs, load_known_names, select_drugs
from robustness.errors import InputError, MisspellingInvarianceViolation
from robustness.models import load_model
from robustness.properties import (
    Remembering,
    all_misspellings,
    check_misspelling_invariance,
    commonness,
    size_of,
)
from robustness.strategies import (
    brand_generic,
    cases,
    drugs,
    invented_drugs,
    lookalike_pairs,
    misspellings,
    pairs,
)

if TYPE_CHECKING:
    from robustness.models import QAModel
    from robustness.questions.pair import Pair

REPEATABLE = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def violation(model: QAModel, *, max_edits: int = 2) -> MisspellingInvarianceViolation:
    """The smallest violation that Hypothesis finds."""

    @REPEATABLE
    @given(pairs(max_edits=max_edits))
    def holds(pair: Pair) -> None:
        check_misspelling_invariance(model, pair)

    with pytest.raises(MisspellingInvarianceViolation) as caught:
        holds()
    return caught.value


def test_the_clean_trained_reader_breaks_and_the_failure_is_a_single_edit() -> None:
    """The measured fact: this reader saw correct spellings only, and one edit changes its answer."""
    smallest = violation(Remembering(load_model("reader-clean")))
    assert smallest.distance == 1
    assert smallest.expected != smallest.answered
    assert load_known_names().is_another_drug(smallest.written, smallest.intended) is None
    assert smallest.case_id in str(smallest)


def test_a_fragile_model_shrinks_to_the_plainest_misspelling() -> None:
    smallest = violation(load_model("planted:fragile"))
    failing = all_misspellings()[:20]  # the smallest of all, the smallest first
    assert smallest.distance == 1
    assert smallest.written in {one.text for one in failing}


def test_a_robust_model_holds() -> None:
    model = load_model("planted:robust")

    @REPEATABLE
    @given(pairs())
    def holds(pair: Pair) -> None:
        check_misspelling_invariance(model, pair)

    holds()


def test_strategies_shrink_as_they_say() -> None:
    assert find(pairs(), lambda _: True, settings=REPEATABLE).misspelling.distance == 1
    first = find(pairs(), lambda _: True, settings=REPEATABLE).misspelling
    assert first == all_misspellings()[0]
    (metformin,) = select_drugs(["metformin"], load_drugs())
    own = find(misspellings(metformin), lambda one: one.distance == 2, settings=REPEATABLE)
    assert own == min(
        (m for m in all_misspellings() if m.intended == "metformin" and m.distance == 2),
        key=size_of,
    )
    assert find(lookalike_pairs(), lambda _: True, settings=REPEATABLE)[0].name in commonness()
    shortest = find(invented_drugs(count=30), lambda _: True, settings=REPEATABLE)
    assert len(shortest) == min(map(len, invented_names(30, 0)))
    assert find(brand_generic(), lambda _: True, settings=REPEATABLE).channel == "naming"
    assert find(cases(), lambda _: True, settings=REPEATABLE).name == first.text
    common = find(drugs(), lambda _: True, settings=REPEATABLE)
    assert commonness()[common.name] == 0
    assert find(drugs(high_risk=True), lambda _: True, settings=REPEATABLE).is_high_risk


def test_impossible_arguments_raise() -> None:
    (metformin,) = select_drugs(["metformin"], load_drugs())
    with pytest.raises(InputError, match="Allow more edits"):
        misspellings(metformin, max_edits=0)


def test_a_remembering_model_asks_each_prompt_once() -> None:
    asked: list[int] = []

    class Counting:
        """Counts what it is asked."""

        def __init__(self) -> None:
            self._model = load_model("planted:fragile")

        def __getattr__(self, name: str) -> object:
            return getattr(self._model, name)

        def answer(self, prompts: list[object]) -> object:
            asked.append(len(prompts))
            return self._model.answer(prompts)  # type: ignore[arg-type]

    model = Remembering(Counting())  # type: ignore[arg-type]
    pair = find(pairs(), lambda _: True, settings=REPEATABLE)
    for _ in range(3):
        with suppress(MisspellingInvarianceViolation):
            check_misspelling_invariance(model, pair)
    assert asked == [2]
