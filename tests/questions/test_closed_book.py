from __future__ import annotations

from collections import Counter

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs, load_look_alikes, select_drugs
from robustness.errors import InputError
from robustness.questions import RELATIONS, ClosedBookSource
from robustness.questions.loading import embedded_source
from robustness.verdicts import Verdict, judge

DRUGS = load_drugs()
SOURCE = ClosedBookSource(0, DRUGS, load_look_alikes())
SLOTS = SOURCE.slots(None)
CASES = [SOURCE.case(slot, None) for slot in SLOTS]
VALUES = {relation.name: relation.value for relation in RELATIONS}


def test_options_are_one_right_value_and_three_of_other_drugs() -> None:
    assert {case.relation for case in CASES} == {"indication", "class"}
    assert len(CASES) == sum(
        bool(VALUES[name](d)) for name in ("indication", "class") for d in DRUGS
    )
    for slot, case in zip(SLOTS, CASES, strict=True):
        value = VALUES[case.relation]
        assert case.gold == value(slot.drug)
        assert len(case.options) == len({option.lower() for option in case.options}) == 4
        assert case.options.count(case.gold) == 1
        assert set(case.options) <= {value(drug) for drug in DRUGS}
        assert case.prompt.context == ""
        assert case.prompt.options == case.options


def test_no_wrong_option_is_also_true_of_the_drug_or_of_its_class() -> None:
    for slot, case in zip(SLOTS, CASES, strict=True):
        value = VALUES[case.relation]
        kin = {value(d) for d in DRUGS if d.drug_class == slot.drug.drug_class != ""}
        for option in set(case.options) - {case.gold}:
            assert option not in kin
            words, right = set(option.lower().split()), set(case.gold.lower().split())
            assert not words <= right
            assert not right <= words
            if case.relation == "indication":
                assert not {word for word in words & right if len(word) > 4}


def test_the_right_option_stands_in_every_place_about_as_often() -> None:
    places = Counter(case.options.index(case.gold) for case in CASES)
    assert all(200 < places[place] < 300 for place in range(4))


def test_a_misspelling_changes_the_name_and_no_option() -> None:
    plan = make_plan(DRUGS, seed=0, budget=800, source=SOURCE)
    assert plan.source == {"kind": "closed_book"}
    for pair in plan.pairs:
        assert pair.case.options == pair.baseline.options
        assert pair.case.gold == pair.baseline.gold
        written = pair.baseline.question.replace(pair.drug.name, pair.misspelling.text)
        assert pair.case.question == written != pair.baseline.question
    assert len({pair.case.id for pair in plan.pairs}) == 800


def test_options_follow_from_seed_drug_and_relation_alone() -> None:
    again = ClosedBookSource(0, DRUGS, load_look_alikes())
    slots = again.slots(select_drugs(["warfarin"], DRUGS))
    assert [again.case(slot, None) for slot in slots] == [
        case for case in CASES if case.drug == "warfarin"
    ]
    other = ClosedBookSource(1, DRUGS, load_look_alikes())
    assert [other.case(slot, None).options for slot in slots] != [
        again.case(slot, None).options for slot in slots
    ]


def test_the_near_name_s_option_is_another_drug_s_answer_and_others_are_wrong() -> None:
    case = next(case for case in CASES if case.drug == "hydralazine" and case.relation == "class")
    (near,) = [fact for fact in case.leaflet.facts if fact.drug != case.drug]
    assert near.drug == "hydroxyzine"
    judged = judge(case, case.gold, near.value)
    assert (judged.verdict, judged.answered_for) == (Verdict.WRONG_DRUG, "hydroxyzine")
    rest = set(case.options) - {case.gold, near.value}
    assert {judge(case, case.gold, option).verdict for option in rest} == {Verdict.WRONG_ANSWER}


def test_a_model_that_chooses_is_asked_closed_book_and_others_are_not() -> None:
    kinds = {kind: embedded_source(0, kind=kind).record["kind"] for kind in ("choice", "generate")}
    assert kinds == {"choice": "closed_book", "generate": "leaflets"}


def test_too_few_drugs_for_options() -> None:
    few = select_drugs(["warfarin", "metformin"], DRUGS)
    source = ClosedBookSource(0, few, ())
    with pytest.raises(InputError, match="Too few drugs"):
        source.case(source.slots(None)[0], None)
