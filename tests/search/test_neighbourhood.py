from __future__ import annotations

import pytest

from robustness.drugs import load_known_names
from robustness.misspellings import edits_between, one_edit_variants
from robustness.search import neighbourhood


@pytest.mark.parametrize("name", ["metformin", "hydroxyzine", "prednisone", "codeine", "zinc"])
def test_the_first_ring_is_complete_and_without_collisions(name: str) -> None:
    near = neighbourhood(name)
    known = load_known_names()
    expected = {
        text for text, _ in one_edit_variants(name) if known.is_another_drug(text, name) is None
    }
    assert {one.text for one in near.misspellings[: near.ones]} == expected
    assert len(near) > near.ones


def test_distance_comes_before_probability() -> None:
    near = neighbourhood("warfarin")
    for one in near.misspellings:
        assert one.distance == len(edits_between("warfarin", one.text))
        assert load_known_names().is_another_drug(one.text, "warfarin") is None
    keys = [(one.distance, -(one.probability or 0)) for one in near.misspellings]
    assert keys == sorted(keys)
    assert len({one.text for one in near.misspellings}) == len(near)


def test_words_and_hyphens_stay() -> None:
    near = neighbourhood("insulin lispro")
    assert near.ones > 600
    assert all(" " in one.text for one in near.misspellings[: near.ones])
