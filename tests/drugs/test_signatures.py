from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from robustness.drugs.signatures import Signatures, signature, signatures

names = st.text("abcé9ж", max_size=8)


@given(st.lists(names, max_size=5), names)
def test_no_name_is_nearer_than_its_signature_says(keys: list[str], name: str) -> None:
    least = Signatures.of(keys).least(signature(name)).tolist()
    assert all(k <= OSA.distance(key, name) for key, k in zip(keys, least, strict=True))


@given(st.lists(names, max_size=5))
def test_one_signature_is_as_among_many(keys: list[str]) -> None:
    assert signatures(keys).tolist() == [int(signature(key)) for key in keys]


def test_letters_that_differ_are_counted() -> None:
    found = Signatures.of(["abc", "abcc", "xyz", "aabbccdd"])
    assert found.least(signature("abc")).tolist() == [0, 1, 3, 5]
