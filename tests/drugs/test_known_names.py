from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import OSA

from robustness.drugs import KnownNames, load_known_names
from robustness.drugs.known_names import normalise
from robustness.misspellings import load_observed


@pytest.mark.parametrize(
    ("text", "intended", "other"),
    [
        ("hydralazine", "hydroxyzine", "hydralazine"),
        ("HYDRALAZINE", "hydroxyzine", "hydralazine"),
        ("losinopril", "lisinopril", "fosinopril"),
        ("ecitalopram", "escitalopram", "citalopram"),
        ("metfromin", "metformin", None),
        ("aciclovir", "acyclovir", None),
        ("zovirax", "acyclovir", None),
        ("metformin", "metformin", None),
    ],
)
def test_examples(text: str, intended: str, other: str | None) -> None:
    assert load_known_names().is_another_drug(text, intended) == other


def test_agrees_with_a_search_through_all_names() -> None:
    """The oracle against its definition, on 200 observed misspellings."""
    known = load_known_names()
    observed = [one for group in load_observed().values() for one in group]
    for one in random.Random(0).sample(observed, 200):
        own = known.substances(one.intended)
        limit = OSA.distance(normalise(one.text), normalise(one.intended))
        collides = any(
            OSA.distance(normalise(one.text), key) <= limit
            for key in known._keys
            if not (known.substances(key) & own)
        )
        assert (known.is_another_drug(one.text, one.intended) is not None) == collides, one


def test_a_name_of_two_substances_belongs_to_both() -> None:
    known = KnownNames([("doublin", "alpha"), ("doublin", "beta"), ("beta", "beta")])
    assert known.substances("Doublin") == {"alpha", "beta"}
    assert known.is_another_drug("doublin", "beta") is None
