"""The quick ways of the collision oracle give its own answers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from robustness.drugs import KnownNames, load_known_names
from robustness.drugs.known_names import least_distance, normalise
from robustness.drugs.signatures import Signatures, signature
from robustness.drugs.stems import load_suffixes

short = st.text("abc1-", min_size=1, max_size=6).filter(normalise)
tables = st.lists(st.tuples(short, short), min_size=1, max_size=12)


@given(tables, short, st.lists(short, max_size=8), st.integers(1, 3))
def test_collide_is_the_oracle_for_many(
    table: list[tuple[str, str]], intended: str, texts: list[str], edits: int
) -> None:
    known = KnownNames(table)
    near = [
        text
        for text in texts
        if DamerauLevenshtein.distance(normalise(text), normalise(intended)) <= edits
        and _osa(text, intended) <= edits
    ]
    assert known.neighbours(intended, edits).collide(near, edits) == _slow(known, near, intended)


@given(tables, short, short)
def test_the_oracle_is_the_comparison_with_every_name(
    table: list[tuple[str, str]], intended: str, text: str
) -> None:
    own = {normalise(drug) for name, drug in table if normalise(name) == normalise(intended)}
    own = own or {normalise(intended)}
    drugs: dict[str, set[str]] = {}
    for name, drug in table:
        drugs.setdefault(normalise(name), set()).add(normalise(drug))
    meant = _osa(text, intended)
    found = KnownNames(table).is_another_drug(text, intended)
    if not meant or drugs.get(normalise(text), set()) & own:
        assert found is None
    else:
        near = {key for key in drugs if _osa(text, key) <= meant and not drugs[key] & own}
        assert (found is None) == (not near - {normalise(intended)})


@given(tables, short, st.integers(0, 4))
def test_near_is_every_other_drug_within_the_limit(
    table: list[tuple[str, str]], name: str, limit: int
) -> None:
    known = KnownNames(table)
    key = normalise(name)
    own = known.substances(name) or {key}
    slow = sorted(
        {
            normalise(other)
            for other, _ in table
            if DamerauLevenshtein.distance(normalise(other), key) <= limit
            and normalise(other) != key
            and not known.substances(other) & own
        }
    )
    assert list(known.near(name, limit)) == slow


@given(st.sampled_from(load_known_names().names), st.data())
@settings(max_examples=30, deadline=None)
def test_collide_agrees_on_the_shipped_names(name: str, data: st.DataObject) -> None:
    known = load_known_names()
    letters = st.sampled_from("aeioucktpnsm")
    texts = []
    for _ in range(6):
        at = data.draw(st.integers(0, len(name)))
        texts.append(name[:at] + data.draw(letters) + name[at + 1 :])
    texts = [text for text in texts if normalise(text)]
    slow = _slow(known, texts, name)
    neighbours = known.neighbours(name, 2)
    if all(_osa(text, name) <= 1 for text in texts):
        assert neighbours.collide(texts, 1) == slow
    assert neighbours.collide(texts, 2) == slow


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_no_name_is_nearer_than_two_quick_distances_say(one: str, other: str) -> None:
    bags = Signatures.of([other]).least(signature(one))
    least = least_distance(bags, np.array([_osa(one, other)], dtype=np.int32))
    assert least[0] <= DamerauLevenshtein.distance(one, other)


def test_stems_are_plain_endings() -> None:
    assert {"pril", "olol"} <= set(load_suffixes())
    assert all(len(stem) >= 3 and stem.isalpha() for stem in load_suffixes())


def _slow(known: KnownNames, texts: list[str], intended: str) -> list[int]:
    return [k for k, text in enumerate(texts) if known.is_another_drug(text, intended) is not None]


def _osa(text: str, intended: str) -> int:
    from rapidfuzz.distance import OSA

    return int(OSA.distance(normalise(text), normalise(intended)))
