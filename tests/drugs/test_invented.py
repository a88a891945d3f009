"""Invented names: near no known name, speakable, distinct, the same for the same seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from robustness.drugs import invented_names, load_known_names
from robustness.drugs.invented import APART, LONGEST, SHORTEST, is_speakable, is_unlike_known
from robustness.drugs.known_names import normalise
from robustness.drugs.stems import load_suffixes
from robustness.errors import InputError
from robustness.misspellings.observed import load_observed

MANY = invented_names(1_000, seed=3)
KEYS = sorted(normalise(name) for name in load_known_names().names)


def test_a_thousand_names_are_distinct_and_of_the_right_shape() -> None:
    assert len(set(MANY)) == 1_000
    assert all(SHORTEST <= len(name) <= LONGEST and name.isalpha() for name in MANY)
    assert all(name == name.lower() and is_speakable(name) for name in MANY)
    assert all(name.endswith(load_suffixes()) for name in MANY)


def test_every_known_name_is_far_by_an_independent_search() -> None:
    for name in MANY[:150]:
        nearest = process.extractOne(name, KEYS, scorer=OSA.distance)
        assert nearest[1] >= APART, (name, nearest)


def test_no_known_name_is_inside_and_none_holds_one() -> None:
    whole = [key for key in KEYS if len(key) >= 4]
    for name in MANY[:150]:
        assert not [key for key in whole if key in name or name in key]


def test_no_name_is_something_that_people_typed_for_a_drug() -> None:
    typed = {one.text for found in load_observed().values() for one in found}
    assert typed.isdisjoint(MANY)


@given(seed=st.integers(0, 10**6), fewer=st.integers(0, 8))
def test_the_seed_decides_and_fewer_names_are_the_first_of_more(seed: int, fewer: int) -> None:
    assert invented_names(8, seed)[:fewer] == invented_names(fewer, seed)


def test_other_seeds_give_other_names() -> None:
    assert len(set(invented_names(50, 0)) & set(invented_names(50, 1))) < 5


def test_an_absurd_count_is_refused_and_not_searched_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("robustness.drugs.invented.is_speakable", lambda _: False)
    with pytest.raises(InputError, match="cannot be invented"):
        invented_names(1, seed=0)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(InputError, match="Negative"):
        invented_names(-1, seed=0)


@pytest.mark.parametrize("name", ["metformin", "metfromin", "xmetforminx", "etformi"])
def test_known_names_and_their_neighbours_are_not_unlike(name: str) -> None:
    assert not is_unlike_known(name)
