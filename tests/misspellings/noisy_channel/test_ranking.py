"""Ranking and drawing, seen from outside: what must hold for every name, known or not."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError, fields
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from robustness.drugs import load_drugs, load_known_names
from robustness.errors import InputError
from robustness.misspellings import Edit, Misspelling, edits_between, rank, sample
from robustness.misspellings.noisy_channel import distribution, load_channel
from robustness.misspellings.noisy_channel.ranking import draw_ranked

names = st.sampled_from(load_known_names().names)
any_text = st.text(max_size=24) | st.text("aelMÉ é-1\u200d", max_size=24)


def applied(one: Misspelling) -> str:
    """The text that the recorded edits make of the intended name."""
    parts, end = [], 0
    for edit in one.edits:
        assert one.intended[edit.position :].startswith(edit.before)
        parts += [one.intended[end : edit.position], edit.after]
        end = edit.position + len(edit.before)
    return "".join([*parts, one.intended[end:]])


@given(names, st.integers(0, 150))
@settings(max_examples=60, deadline=None)
def test_no_no_op_no_duplicate_no_collision(name: str, limit: int) -> None:
    found = rank(name, limit)
    texts = [one.text for one in found]
    assert len(found) <= limit
    assert len(set(texts)) == len(texts)
    assert name not in texts
    oracle = load_known_names()
    assert [text for text in texts if oracle.is_another_drug(text, name)] == []


@given(names, st.integers(1, 30), st.sampled_from("\u0301\u0308\u00ad\u00fc\ufb01"))
@settings(max_examples=15, deadline=None)
@example("phendimetrazine", 12, "\u0301")
def test_names_with_marks_collide_as_the_oracle_says(name: str, at: int, mark: str) -> None:
    marked = name[:at] + mark + name[at:]
    oracle = load_known_names()
    draws = draw_ranked(marked, 60)
    assert not [one.text for one in draws.kept if oracle.is_another_drug(one.text, marked)]
    assert all(oracle.is_another_drug(one.text, marked) == other for one, other in draws.collisions)


def test_the_distribution_is_that_of_the_shipped_channel() -> None:
    """Asked for in any order, in any case; what was asked before changes nothing."""
    drugs = [drug.name for drug in load_drugs()][:60]
    before = {name: distribution(name) for name in drugs}
    for name in Random(4).sample(drugs, len(drugs)):
        for found in (load_channel().distribution(name), distribution(name.upper())):
            assert found.name == name
            assert found.texts == before[name].texts
            assert found.probability.tolist() == before[name].probability.tolist()
    assert rank("metformin", 50) == rank("metformin", 50, channel=load_channel())


@given(names)
@settings(max_examples=20, deadline=None)
def test_nothing_but_collisions_is_left_out_whatever_the_limit(name: str) -> None:
    found = load_channel().distribution(name)
    texts = [found.texts[row] for row in found.best(len(found)).tolist()]
    oracle = load_known_names()
    kept = [text for text in texts if oracle.is_another_drug(text, name) is None]
    assert [one.text for one in rank(name, 10**6)] == kept
    assert [one.text for one in rank(name, 30)] == kept[:30]


@given(names)
@settings(max_examples=40, deadline=None)
def test_most_probable_first_and_the_edits_make_the_text(name: str) -> None:
    found = rank(name, 200)
    probabilities = [one.probability or 0.0 for one in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < p < 1 for p in probabilities)
    assert sum(probabilities) <= 1 + 1e-9
    assert all(applied(one) == one.text for one in found)
    assert all(one.channel == "noisy" for one in found)


def test_equal_misspellings_are_ranked_from_left_to_right() -> None:
    """Both places have the same letters around them; rounding used to decide."""
    for name, left, right in (
        ("bacitracin", "baccitracin", "bacitraccin"),
        ("epinephrine", "epinnephrine", "epinephrinne"),
    ):
        found = {one.text: one for one in rank(name, 100)}
        assert found[left].probability == found[right].probability
        assert list(found).index(right) == list(found).index(left) + 1


def test_a_misspelling_is_as_one_made_from_its_fields() -> None:
    for one in rank("metformin", 100):
        same = Misspelling(
            one.text, one.intended, one.operator, one.edits, one.channel, 0, one.probability
        )
        assert type(one) is Misspelling
        assert one == same == deepcopy(one)
        assert hash(one) == hash(same)
        assert repr(one) == repr(same)
        assert all(type(edit) is Edit for edit in one.edits)
        for field in fields(one):
            with pytest.raises(FrozenInstanceError):
                setattr(one, field.name, "other")


def test_one_edit_misspellings_have_the_edits_of_the_alignment() -> None:
    for one in rank("metformin", 100):
        if one.distance == 1:
            assert one.edits == edits_between("metformin", one.text)


@given(st.sampled_from([drug.name for drug in load_drugs()]), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_draws_are_reproducible_distinct_and_extend(name: str, seed: int) -> None:
    drawn = sample(name, 20, seed)
    assert drawn == sample(name, 20, seed)
    assert drawn[:5] == sample(name, 5, seed)
    assert len({one.text for one in drawn}) == len(drawn)
    assert {one.text for one in drawn} <= {one.text for one in rank(name, 10**6)}


def test_draws_come_as_often_as_their_probability_says() -> None:
    ranked = rank("warfarin", 10**6)
    mass = sum(one.probability or 0.0 for one in ranked)
    first = [sample("warfarin", 1, seed)[0].text for seed in range(400)]
    for one in ranked[:3]:
        expected = (one.probability or 0.0) / mass
        spread = 4 * (expected * (1 - expected) / len(first)) ** 0.5
        assert abs(first.count(one.text) / len(first) - expected) < spread


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("METFORMIN", str.isupper),
        ("Metformin", lambda text: text == text.capitalize()),
        ("Insulin Glargine", lambda text: text == text.title()),
        ("Toprol-XL", lambda text: text[0].isupper() and text[1:3].islower()),
    ],
)
def test_the_case_pattern_is_kept(name: str, pattern: object) -> None:
    assert callable(pattern)
    found = rank(name, 100)
    assert len(found) == 100
    assert [one.text for one in found if not pattern(one.text)] == []
    assert [one.text.lower() for one in found] == [one.text for one in rank(name.lower(), 100)]
    assert all(applied(one).lower() == one.text.lower() for one in found)


def test_tall_man_letters_stay_tall() -> None:
    texts = [one.text for one in rank("predniSONE", 100)]
    assert "prednSONE" in texts
    assert all(any(letter.isupper() for letter in text) for text in texts)
    assert all(text[:2].islower() for text in texts)


@pytest.mark.parametrize("name", ["vitamin b12", "a-hydrocort", "co-trimoxazole 480", "5-fu forte"])
def test_digits_spaces_and_hyphens_survive(name: str) -> None:
    def others(text: str) -> str:
        return "".join(c for c in text if not c.isalpha())

    assert {others(one.text) for one in rank(name, 300)} == {others(name)}


@given(any_text)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_misspellings_or_a_clear_error(name: str) -> None:
    try:
        found = rank(name, 10)
    except InputError:
        return
    assert found
    assert all(one.intended == name != one.text for one in found)


@pytest.mark.parametrize(
    "name", ["", "x", "12345", "😀", "متفورمين", "a" * 1001, "met\nformin", "\ud800ab"]
)
def test_bad_names_are_input_errors(name: str) -> None:
    with pytest.raises(InputError):
        rank(name, 5)
    with pytest.raises(InputError):
        sample(name, 5, 0)


@pytest.mark.parametrize("name", ["xyzzyplugh", "ab", "metformin" * 50, "aa", "éab", "ZZTOP"])
def test_unknown_short_and_long_names_are_misspelled(name: str) -> None:
    assert len(rank(name, 50)) == 50


def test_negative_limits_are_input_errors() -> None:
    with pytest.raises(InputError):
        rank("metformin", -1)
    with pytest.raises(InputError):
        sample("metformin", -1, 0)
