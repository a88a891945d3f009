"""Must-differ and abstain cases: what they ask has the answers that they say it has."""

from __future__ import annotations

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs, load_known_names, load_look_alikes
from robustness.misspellings import Collision
from robustness.models.planted.leaflets import asked, stated
from robustness.questions import (
    RELATIONS,
    Differing,
    NamePair,
    differing_cases,
    invented_cases,
    name_pairs,
)
from robustness.questions.loading import embedded_source
from robustness.questions.relation import distinct

DRUGS = load_drugs()
EVERY = {drug.name for drug in DRUGS}
COLLISIONS = make_plan(DRUGS, seed=0, budget=1).collisions
PAIRS = name_pairs(DRUGS, load_look_alikes(), COLLISIONS, about=EVERY)
KINDS = ("", "choice")


def cases(kind: str, *, limit: int = 500, seed: int = 0) -> list[Differing]:
    return differing_cases(embedded_source(seed, kind=kind), PAIRS, seed=seed, limit=limit)


def names(pairs: list[NamePair]) -> list[set[str]]:
    return [{pair.first.name, pair.second.name} for pair in pairs]


def test_pairs_are_the_listed_ones_and_the_collisions_whose_facts_are_known() -> None:
    listed = [{pair.name, pair.lookalike} for pair in load_look_alikes()]
    known = [pair for pair in listed if pair <= EVERY]
    assert names(PAIRS)[: len(known)] == known
    assert len(known) > 10
    (lisinopril,) = (pair for pair in PAIRS if pair.written == "losinopril")
    assert (lisinopril.first.name, lisinopril.second.name) == ("fosinopril", "lisinopril")
    assert {"prednisone", "prednisolone"} in known
    assert sum({"prednisone", "prednisolone"} == pair for pair in names(PAIRS)) == 1


def test_a_pair_is_left_out_when_none_of_its_drugs_is_audited_or_a_brand_collides() -> None:
    some = name_pairs(DRUGS, load_look_alikes(), COLLISIONS, about={"tramadol"})
    assert names(some) == [{"tramadol", "trazodone"}]
    brand = Collision("xanex", "metformin", "xanax", "observed")
    own = Collision("metfromin", "metformin", "metformin", "observed")
    assert name_pairs(DRUGS, [], [brand, own], about=EVERY) == []


@pytest.mark.parametrize("kind", KINDS)
def test_both_answers_can_be_given_and_differ(kind: str) -> None:
    found = cases(kind)
    assert {one.names.origin for one in found} == {"look-alike", "collision"}
    for one in found:
        first, second = one.cases
        assert first.leaflet.text == second.leaflet.text
        assert first.options == second.options
        assert first.question == second.question.replace(second.name, first.name)
        assert distinct(first.gold, second.gold)
        if kind == "choice":
            assert {first.gold, second.gold} <= set(first.options)
            assert len(set(first.options)) == 4
        for case in one.cases:
            if not kind:
                relation, name = asked(case.question)
                facts = stated(case.leaflet.text, relation)
                assert facts[name] == case.gold
                assert list(facts.values()).count(case.gold) == 1
                start = case.leaflet.answer_start
                assert case.leaflet.text[start:].startswith(case.gold)


def test_two_drugs_of_one_class_have_no_closed_book_question() -> None:
    drugs = {drug.name: drug for drug in DRUGS}
    source = embedded_source(0, kind="choice")
    for relation in source.relations:
        assert source.both(drugs["fosinopril"], drugs["lisinopril"], relation) is None


def test_every_pair_comes_once_before_any_comes_twice_and_fewer_are_the_first() -> None:
    whole = cases("")
    listed = [one for one in whole if one.names.origin == "look-alike"]
    pairs = {one.names for one in listed}
    assert {one.names for one in listed[: len(pairs)]} == pairs
    for limit in (0, 1, 7, len(pairs) + 3):
        assert cases("", limit=limit) == whole[:limit]
    assert [one.cases for one in cases("", seed=1)] != [one.cases for one in whole]


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_about_an_invented_name_has_no_answer(kind: str) -> None:
    source = embedded_source(0, kind=kind)
    found = invented_cases(source, seed=0, count=40)
    assert invented_cases(source, seed=0, count=5) == found[:5]
    assert {case.relation for case in found} == {one.name for one in source.relations}
    assert len({case.name for case in found}) == 40
    for case in found:
        assert case.gold == ""
        assert case.name in case.question
        assert case.name not in case.leaflet.text.lower()
        assert case.name not in load_known_names()
        if kind == "choice":
            assert len(set(case.options)) == 4
        else:
            rivals = stated(case.leaflet.text, case.relation)
            assert len(rivals) >= 2, "there is something to be tempted by"


def test_every_relation_can_be_asked_about_an_invented_name() -> None:
    source = embedded_source(3)
    for relation in RELATIONS:
        assert source.unanswerable("velmatidine", relation).relation == relation.name
