from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.drugs import load_drugs
from robustness.errors import CustomViolation, InputError, PropertyViolation
from robustness.models import load_model
from robustness.properties import (
    PROPERTIES,
    Property,
    Request,
    Trial,
    check_properties,
    find_property,
    register_property,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.models import Answer

FEW = Request(budget=60, drugs=load_drugs()[::5])


@pytest.fixture(autouse=True)
def _forget_what_a_test_registers() -> Iterator[None]:
    before = dict(PROPERTIES)
    yield
    PROPERTIES.clear()
    PROPERTIES.update(before)


def test_a_property_of_ones_own_takes_three_lines() -> None:
    @register_property("short-answers", "an answer has at most 20 words")
    def short_answers(_trial: Trial, _before: Answer, after: Answer) -> bool:
        return len(after.text.split()) <= 20

    (found,) = check_properties(
        load_model("planted:robust"), FEW, properties=[find_property("short-answers")]
    ).values()
    assert found.passed
    assert found.rate
    assert found.rate.n > 0


@pytest.mark.parametrize("way", ["false", "assert", "raise"])
def test_there_are_three_ways_to_say_no(way: str) -> None:
    @register_property("never", "nothing may be answered")
    def never(trial: Trial, *_: Answer) -> bool | None:
        if way == "raise":
            raise CustomViolation(case_id=trial.id, property="never", message="no")
        assert way != "assert", "no"
        return False

    (found,) = check_properties(
        load_model("planted:robust"), FEW, properties=[find_property("never")]
    ).values()
    assert not found.passed
    assert len(found.counterexamples) == len(found.outcomes)
    with pytest.raises(CustomViolation, match=r"never: .*case"):
        found.complain()


def test_names_are_unique_and_a_wrong_one_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match="already"):
        register_property("misspelling-invariance", "again")(lambda *_: True)
    with pytest.raises(InputError, match="misspelling-invariance"):
        find_property("misspeling-invariance")


@pytest.mark.parametrize("one", PROPERTIES.values(), ids=lambda one: one.name)
def test_trials_follow_from_the_request_alone_and_fewer_are_the_first(one: Property) -> None:
    trials = one.trials(FEW)
    assert trials
    assert [trial.id for trial in trials] == [trial.id for trial in one.trials(FEW)]
    assert len({trial.id for trial in trials}) == len(trials)
    if one.share:
        assert len(trials) <= FEW.budget
        fewer = one.trials(Request(budget=5, drugs=FEW.drugs))
        assert [trial.id for trial in fewer] == [trial.id for trial in trials[: len(fewer)]]
    other = one.trials(Request(seed=1, budget=60, drugs=FEW.drugs))
    asked = {prompt for trial in trials for prompt in trial.prompts}
    if one.share:
        assert asked != {prompt for trial in other for prompt in trial.prompts}


def test_every_violation_is_an_assertion_with_data() -> None:
    kinds = PropertyViolation.__subclasses__()
    assert len(kinds) >= 9
    assert all(issubclass(kind, AssertionError) for kind in kinds)
