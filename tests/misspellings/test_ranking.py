from __future__ import annotations

import pytest

from robustness.drugs import load_drugs, load_known_names
from robustness.misspellings import candidates, load_observed, rank


def test_ranked_variants_are_distinct_probable_first_and_never_the_name() -> None:
    ranked = rank("metformin", 10_000)
    texts = [one.text for one in ranked]
    probabilities = [one.probability or 0.0 for one in ranked]
    assert len(texts) == len(set(texts))
    assert "metformin" not in texts
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1.0)


def test_spaces_are_left_alone() -> None:
    assert all(one.text.count(" ") == 1 for one in rank("insulin glargine", 500))


@pytest.mark.parametrize("name", [drug.name for drug in load_drugs()[::5]])
def test_candidates_never_collide(name: str) -> None:
    known = load_known_names()
    found = candidates(name)
    assert all(known.is_another_drug(one.text, name) is None for one in found.kept)
    assert all(known.is_another_drug(one.text, name) == one.other for one in found.collisions)


def test_every_drug_has_something_to_be_tested_with() -> None:
    assert [drug.name for drug in load_drugs() if not candidates(drug.name).kept] == []


def test_observed_misspellings_come_before_made_ones() -> None:
    assert {one.channel for one in candidates("metformin").kept} == {"observed"}
    unobserved = next(d.name for d in load_drugs() if d.name not in load_observed())
    assert {one.channel for one in candidates(unobserved).kept} == {"one_edit"}
