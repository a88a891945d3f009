from __future__ import annotations

import pytest

from robustness.drugs import load_drugs, load_look_alikes
from robustness.questions import RELATIONS, LeafletWriter, Relation, make_case
from robustness.questions.relation import distinct

DRUGS = load_drugs()
WRITER = LeafletWriter(DRUGS, load_look_alikes())


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_leaflets_have_one_answer(relation: Relation) -> None:
    asked = [drug for drug in DRUGS if relation.value(drug)]
    for drug in asked:
        leaflet = WRITER.write(drug, relation, f"test/{drug.name}")
        assert leaflet is not None
        end = leaflet.answer_start + len(leaflet.answer)
        assert leaflet.text[leaflet.answer_start : end] == relation.value(drug)
        same_kind = [fact for fact in leaflet.facts if fact.relation == relation.name]
        own = [fact for fact in same_kind if fact.drug == drug.name]
        others = [fact for fact in same_kind if fact.drug != drug.name]
        assert len(own) == 1
        assert len(others) >= 2
        assert all(distinct(own[0].value, fact.value) for fact in others)
        assert 3 <= len({fact.drug for fact in leaflet.facts}) <= 6


def test_leaflets_hold_near_names() -> None:
    near = 0
    for pair in load_look_alikes():
        drug = next((d for d in DRUGS if d.name == pair.name), None)
        for seed in range(20) if drug else ():
            leaflet = WRITER.write(drug, RELATIONS[0], str(seed)) if drug else None
            near += leaflet is not None and pair.lookalike in {f.drug for f in leaflet.facts}
    assert near > 20


def test_the_same_seed_gives_the_same_leaflet() -> None:
    drug = DRUGS[10]
    first, again = (WRITER.write(drug, RELATIONS[0], "a") for _ in range(2))
    assert first == again
    assert WRITER.write(drug, RELATIONS[0], "b") != first


def test_a_missing_fact_gives_no_leaflet() -> None:
    group = next(relation for relation in RELATIONS if relation.name == "high_risk_group")
    harmless = next(drug for drug in DRUGS if not drug.is_high_risk)
    assert WRITER.write(harmless, group, "a") is None


def test_case_ids_come_from_content_alone() -> None:
    drug = DRUGS[10]
    leaflet = WRITER.write(drug, RELATIONS[0], "a")
    assert leaflet is not None
    case = make_case(drug, RELATIONS[0], 0, drug.name, leaflet)
    assert case == make_case(drug, RELATIONS[0], 0, drug.name, leaflet)
    assert case.id != make_case(drug, RELATIONS[0], 0, drug.name + "x", leaflet).id
    assert len(case.id) == 12


def test_phrasings() -> None:
    assert len(RELATIONS) >= 6
    for relation in RELATIONS:
        assert len(set(relation.questions)) >= 5
        assert all(question.count("{drug}") == 1 for question in relation.questions)
        assert all("{drug}" in s and "{value}" in s for s in relation.sentences)
