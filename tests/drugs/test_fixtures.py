"""The shipped tables hold what they promise."""

from __future__ import annotations

import csv

from rapidfuzz.distance import OSA

from robustness.drugs import load_drugs, load_known_names, load_look_alikes, table_path
from robustness.misspellings import load_observed
from robustness.questions import RELATIONS


def rows(table: str) -> list[dict[str, str]]:
    with table_path(table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sizes() -> None:
    assert len(load_drugs()) >= 300
    assert len(load_known_names()) >= 5000
    assert sum(len(group) for group in load_observed().values()) >= 2500
    assert len(rows("stems")) >= 200
    assert len(load_look_alikes()) >= 20


def test_every_drug_and_brand_is_known_as_that_substance() -> None:
    known = load_known_names()
    for drug in load_drugs():
        assert drug.name in known
        for brand in drug.brands:
            assert known.is_another_drug(brand, drug.name) is None, (drug.name, brand)


def test_every_drug_can_be_asked_at_least_four_relations() -> None:
    assert all(sum(bool(r.value(drug)) for r in RELATIONS) >= 4 for drug in load_drugs())


def test_distances_are_those_of_an_independent_implementation() -> None:
    for row in rows("misspellings"):
        assert OSA.distance(row["misspelling"], row["intended"]) == int(row["distance"])


def test_observed_misspellings_are_no_known_names_and_of_known_names() -> None:
    known = load_known_names()
    for row in rows("misspellings"):
        assert row["intended"] in known
        assert row["misspelling"] not in known


def test_no_row_stands_twice() -> None:
    for table, key in (
        ("misspellings", ("misspelling", "intended")),
        ("names", ("name", "substance")),
        ("stems", ("stem", "position")),
        ("lookalikes", ("name", "lookalike")),
    ):
        keys = [tuple(row[k] for k in key) for row in rows(table)]
        assert len(keys) == len(set(keys)), table


def test_stems_have_a_position_and_a_meaning() -> None:
    for row in rows("stems"):
        assert row["position"] in {"prefix", "infix", "suffix"}
        assert row["stem"].isalpha()
        assert row["meaning"]
