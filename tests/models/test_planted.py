from __future__ import annotations

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import ModelError
from robustness.models import Answer, PartlyAnsweredError, Prompt, load_model
from robustness.verdicts import Verdict, judge, same

PAIRS = make_plan(load_drugs(), seed=3, budget=600).pairs
FEW = PAIRS[:60]


@pytest.mark.parametrize(
    ("behaviour", "verdict"),
    [
        ("robust", Verdict.CONSISTENT),
        ("fragile", Verdict.WRONG_DRUG),
        ("abstaining", Verdict.ABSTAINED),
        ("slow", Verdict.CONSISTENT),
    ],
)
def test_planted_defects_are_what_they_say(behaviour: str, verdict: Verdict) -> None:
    model = load_model(f"planted:{behaviour}")
    found = []
    for pair in FEW if behaviour == "slow" else PAIRS:
        before, after = model.answer([pair.baseline.prompt, pair.case.prompt])
        assert same(before.text, pair.case.gold)
        found.append(judge(pair.case, before.text, after.text).verdict)
    allowed = {verdict} if behaviour != "fragile" else {verdict, Verdict.CONSISTENT}
    assert set(found) == allowed
    assert found.count(verdict) > len(found) / 2


def test_unknown_planted_model() -> None:
    with pytest.raises(ModelError, match="Did you mean 'fragile'"):
        load_model("planted:fragil")


def test_a_question_of_another_kind_gets_no_answer() -> None:
    answer = load_model("planted:robust").answer([Prompt("Why?", "Because.")])[0]
    assert answer.text == ""


def test_a_look_alike_in_the_leaflet_gets_its_answer_given() -> None:
    model, robust = load_model("planted:look-alikes"), load_model("planted:robust")
    known = {frozenset((pair.name.lower(), pair.lookalike.lower())) for pair in load_look_alikes()}
    confused = 0
    for pair in PAIRS:
        facts = [fact for fact in pair.case.leaflet.facts if fact.relation == pair.case.relation]
        others = [f for f in facts if frozenset((f.drug.lower(), pair.drug.name)) in known]
        said = model.answer([pair.baseline.prompt])[0].text
        if others:
            confused += 1
            assert any(same(said, fact.value) for fact in others)
        else:
            assert said == robust.answer([pair.baseline.prompt])[0].text
    assert confused >= 3


def test_random_answers_depend_on_the_prompt_alone() -> None:
    model = load_model("planted:random")
    prompts = [pair.case.prompt for pair in FEW]
    answers = model.answer(prompts)
    assert answers == [model.answer([prompt])[0] for prompt in prompts]
    wrong = sum(not same(a.text, p.case.gold) for a, p in zip(answers, FEW, strict=True))
    assert 15 < wrong < 60


def test_crashing_loses_only_the_prompts_that_it_crashes_on() -> None:
    prompts = [case.prompt for pair in FEW for case in (pair.baseline, pair.case)]
    with pytest.raises(PartlyAnsweredError, match="planted crash") as caught:
        load_model("planted:crashing").answer(prompts)
    assert [isinstance(each, Answer) for each in caught.value.answers] == [True, False] * len(FEW)


def test_options_are_chosen_from() -> None:
    pair = FEW[0]
    prompt = Prompt(pair.case.question, pair.case.leaflet.text, ("something else", pair.case.gold))
    assert load_model("planted:robust").answer([prompt])[0].text == pair.case.gold
    assert load_model("planted:abstaining").answer([prompt])[0].text == "something else"
