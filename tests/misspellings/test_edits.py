from __future__ import annotations

from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from robustness.misspellings import Edit, edits_between, one_edit_variants

words = st.text(alphabet="abcde", max_size=8)


def apply(intended: str, edits: tuple[Edit, ...]) -> str:
    """Play edits back, from the right so that positions stay true."""
    text = intended
    for edit in reversed(edits):
        assert text[edit.position :].startswith(edit.before)
        text = text[: edit.position] + edit.after + text[edit.position + len(edit.before) :]
    return text


@given(words, words)
def test_edits_are_shortest_and_lead_there(intended: str, text: str) -> None:
    edits = edits_between(intended, text)
    assert len(edits) == OSA.distance(intended, text)
    assert apply(intended, edits) == text


def test_operators() -> None:
    pairs = {
        "metfromin": "transposition",
        "metfformin": "doubling",
        "meformin": "deletion",
        "metformxin": "insertion",
        "metfarmin": "substitution",
    }
    for text, operator in pairs.items():
        (edit,) = edits_between("metformin", text)
        assert edit.operator == operator


@given(st.text(alphabet="abz", min_size=1, max_size=4))
def test_one_edit_variants_are_all_strings_at_distance_one(name: str) -> None:
    """Against an enumeration by another route: every candidate string, kept when OSA says 1."""
    candidates = {name[:i] + name[i + 1 :] for i in range(len(name))}
    candidates |= {name[:i] + c + name[i:] for i in range(len(name) + 1) for c in ascii_lowercase}
    candidates |= {name[:i] + c + name[i + 1 :] for i in range(len(name)) for c in ascii_lowercase}
    candidates |= {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    expected = {text for text in candidates if OSA.distance(name, text) == 1}
    made = [text for text, _ in one_edit_variants(name)]
    assert len(made) == len(set(made))
    assert set(made) == expected


@given(words)
def test_each_variant_carries_an_edit_that_makes_it(name: str) -> None:
    for text, edit in one_edit_variants(name):
        assert apply(name, (edit,)) == text
