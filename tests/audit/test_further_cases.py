"""Further cases of an audit: how many, what the answers show, and that they stay apart from the pairs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from robustness.answers.asking import Asking
from robustness.answers.events import BatchAnswered, Event, Planned
from robustness.answers.store import Store
from robustness.audit import Wanted, make_plan, run_audit
from robustness.audit.further_cases import draw_extras
from robustness.drugs import load_drugs, select_drugs
from robustness.gate import Rule
from robustness.models import Answer, load_model
from robustness.models.planted.spelling import PlantedModel
from robustness.questions import UserDataSource
from robustness.questions.loading import embedded_source
from robustness.results.invented_cases import compare_scores
from robustness.results.must_differ import confusions, must_differ

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from robustness.models import Prompt

PLAN = make_plan(load_drugs(), seed=0, budget=300)
EXTRAS = draw_extras(PLAN)


class Mute(PlantedModel):
    """Says in words that it does not know whatever the leaflet does not state."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        return [a if a.text else Answer("I do not know.", None) for a in super().answer(prompts)]


@pytest.mark.parametrize("pairs", [1, 7, 8, 40, 300])
def test_there_is_at_most_one_further_prompt_for_eight_pairs(pairs: int) -> None:
    extras = draw_extras(replace(PLAN, pairs=PLAN.pairs[:pairs]))
    assert len(extras.prompts) <= pairs / 8
    assert extras.differing == EXTRAS.differing[: len(extras.differing)]
    assert extras.invented == EXTRAS.invented[: len(extras.invented)]


def test_a_large_audit_asks_about_sixty_names_and_all_pairs_of_names() -> None:
    plan = make_plan(load_drugs(), seed=0, budget=2500)
    extras = draw_extras(plan)
    assert len(extras.invented) == 60
    assert len({one.names for one in extras.differing}) >= 18
    assert len(extras.prompts) <= 2500 / 8


def test_only_pairs_with_an_audited_drug_are_asked() -> None:
    plan = make_plan(select_drugs(["tramadol"], load_drugs()), seed=0, budget=0)
    many = replace(plan, pairs=plan.pairs * 20)
    assert {one.names.first.name for one in draw_extras(many).differing} == {"tramadol"}


def test_questions_of_a_file_have_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,answer\nWhat is warfarin for?,clots\n" * 3)
    plan = make_plan(None, seed=0, budget=0, source=UserDataSource(path))
    assert draw_extras(replace(plan, pairs=plan.pairs * 20)).prompts == []
    assert {"must_differ", "invented"}.isdisjoint(run_audit(plan, load_model("planted:robust")))


def test_without_extras_nothing_else_is_asked_and_the_rest_is_the_same() -> None:
    model = load_model("planted:fragile")
    bare, whole = (run_audit(PLAN, model, wanted=Wanted(extras=each)) for each in (False, True))
    assert {"must_differ", "invented"}.isdisjoint(bare)
    assert bare["timing"]["prompts_asked"] == whole["timing"]["prompts_asked"] - len(EXTRAS.prompts)
    different = {"must_differ", "invented", "counts", "run", "timing"}
    assert {k: v for k, v in bare.items() if k not in different} == {
        k: v for k, v in whole.items() if k not in different
    }


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("spec", ["planted:fragile", "planted:fragile-spelling"])
def test_the_bar_is_told_of_every_prompt(spec: str, *, early: bool) -> None:
    heard: list[Event] = []
    plan = make_plan(load_drugs(), seed=0, budget=200)
    rules = [Rule("flip_rate", 0.05)]
    run_audit(
        plan,
        load_model(spec),
        rules=rules,
        wanted=Wanted(early=early),
        asking=Asking(listeners=(heard.append,)),
    )
    asked = sum(len(event.prompts) for event in heard if isinstance(event, BatchAnswered))
    assert [event.prompts for event in heard if isinstance(event, Planned)][-1] == asked


def test_an_audit_that_goes_on_asks_no_further_case_twice(tmp_path: Path) -> None:
    model = load_model("planted:look-alikes")
    with Store(tmp_path / "audit.sqlite", model.fingerprint) as store:
        first = run_audit(PLAN, model, asking=Asking(store=store))
        again = run_audit(PLAN, model, asking=Asking(store=store))
    assert again["timing"]["prompts_asked"] == 0
    for key in ("must_differ", "invented"):
        assert first[key] == again[key]


def test_either_direction_confuses_and_a_merely_wrong_answer_does_not() -> None:
    one = EXTRAS.differing[0]
    first, second = one.cases
    assert confusions(one, [first.gold, second.gold]) == [False, False]
    assert confusions(one, [second.gold, first.gold]) == [True, True]
    assert confusions(one, [second.gold, second.gold]) == [True, False]
    assert confusions(one, [first.gold, first.gold]) == [False, True]
    assert confusions(one, ["something else", ""]) == [False, False]
    assert confusions(one, ["I do not know.", f"It is {first.gold}."]) == [False, True]


def test_chosen_options_are_confused_by_what_they_choose() -> None:
    plan = make_plan(load_drugs(), seed=0, budget=300, source=embedded_source(0, kind="choice"))
    for one in draw_extras(plan).differing:
        first, second = one.cases
        other = next(o for o in first.options if o not in (first.gold, second.gold))
        assert confusions(one, [second.gold, other]) == [True, False]


def test_a_question_without_both_answers_is_an_error() -> None:
    some = EXTRAS.differing[:3]
    answers = {c.prompt: Answer(c.gold, None) for one in some for c in one.cases}
    del answers[some[0].cases[1].prompt]
    found = must_differ(some, answers)
    assert (found["n"], found["errors"], found["failures"]) == (2, 1, [])
    nothing = must_differ(some, {})
    assert (nothing["n"], nothing["errors"], nothing["rate"]) == (0, 3, None)


def test_words_that_decline_abstain() -> None:
    found = run_audit(PLAN, Mute("abstaining"))["invented"]
    assert found["rate"]["estimate"] == 0
    assert found["failures"] == []


def test_crashes_are_errors_and_neither_inventing_nor_abstaining() -> None:
    found = run_audit(PLAN, load_model("planted:crashing"))["invented"]
    assert (found["n"], found["rate"]) == (0, None)
    assert found["errors"] == len(EXTRAS.invented)


def test_scores_are_compared_as_the_area_under_the_curve() -> None:
    def answers(*scores: float | None) -> list[Answer]:
        return [Answer("x", score) for score in scores]

    assert compare_scores(answers(0.1, 0.3), answers(0.2, 0.9, None)) == {
        "mean_invented": pytest.approx(0.2),
        "mean_real": pytest.approx(0.55),
        "real_above_invented": 0.75,
    }
    assert compare_scores(answers(0.5), answers(0.5)) == {
        "mean_invented": 0.5,
        "mean_real": 0.5,
        "real_above_invented": 0.5,
    }
    assert compare_scores(answers(None), answers(0.5)) is None
