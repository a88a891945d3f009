from __future__ import annotations

from collections import Counter

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs, load_known_names, select_drugs
from robustness.errors import InputError

DRUGS = load_drugs()


def test_a_plan_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert make_plan(DRUGS, seed=0, budget=300) == make_plan(DRUGS, seed=0, budget=300)
    assert make_plan(DRUGS, seed=1, budget=300) != make_plan(DRUGS, seed=0, budget=300)


def test_a_smaller_budget_is_a_part_of_a_larger_one() -> None:
    assert (
        make_plan(DRUGS, seed=0, budget=500).pairs[:200]
        == make_plan(DRUGS, seed=0, budget=200).pairs
    )


def test_no_pair_is_a_collision_or_stands_twice() -> None:
    known = load_known_names()
    plan = make_plan(DRUGS, seed=0, budget=0)
    for name, text in {(pair.drug.name, pair.misspelling.text) for pair in plan.pairs}:
        assert text != name
        assert known.is_another_drug(text, name) is None
    assert len({pair.case.id for pair in plan.pairs}) == len(plan.pairs)


def test_everything_is_asked_without_a_budget() -> None:
    chosen = select_drugs(["metformin"], DRUGS)
    plan = make_plan(chosen, seed=0, budget=0)
    by_relation = Counter(pair.case.relation for pair in plan.pairs)
    assert set(by_relation.values()) == {len({p.misspelling.text for p in plan.pairs})}


def test_pairs_differ_in_the_name_alone() -> None:
    for pair in make_plan(DRUGS, seed=0, budget=500).pairs:
        assert pair.case.leaflet == pair.baseline.leaflet
        assert pair.misspelling.text not in pair.case.leaflet.text.lower().split()
        replaced = pair.baseline.question.replace(pair.drug.name, pair.misspelling.text)
        assert pair.case.question == replaced


def test_leaflets_do_not_depend_on_which_drugs_are_audited() -> None:
    alone = make_plan(select_drugs(["metformin"], DRUGS), seed=0, budget=0)
    among = make_plan(DRUGS, seed=0, budget=0)
    assert {p.case.id for p in alone.pairs} <= {p.case.id for p in among.pairs}


def test_a_case_is_written_anew_and_always_the_same() -> None:
    pair = make_plan(DRUGS, seed=0, budget=1).pairs[0]
    assert pair.case == pair.case
    assert pair.case is not pair.case  # a plan of a million pairs holds none


def test_bad_budgets() -> None:
    with pytest.raises(InputError, match="Negative"):
        make_plan(DRUGS, seed=0, budget=-1)
    with pytest.raises(InputError, match="Nothing to audit"):
        make_plan([], seed=0, budget=10)
