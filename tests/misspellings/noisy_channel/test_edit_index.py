"""Texts of edits and of pairs against the edits in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from robustness.misspellings.noisy_channel import load_channel
from robustness.misspellings.noisy_channel.edit_index import edit_of, texts_of_pairs
from robustness.misspellings.noisy_channel.two_edits import pair_up

if TYPE_CHECKING:
    from robustness.misspellings import Edit

names = st.text("aeilrphxf -1é\u0301", min_size=2, max_size=12)


def applied(name: str, *edits: Edit) -> str:
    """What edits make of a name, the last one first so that places stay true."""
    for edit in reversed(edits):
        end = edit.position + len(edit.before)
        assert name[edit.position : end] == edit.before
        name = name[: edit.position] + edit.after + name[end:]
    return name


@given(names)
@settings(deadline=None)
def test_a_text_is_what_its_edit_makes(name: str) -> None:
    edits = load_channel().scorer.edits(name)
    for number, text in zip(edits.numbers.tolist(), edits.made, strict=True):
        assert applied(name, edit_of(name, number)) == text


@given(names)
@settings(deadline=None)
def test_the_text_of_a_pair_is_what_both_edits_make(name: str) -> None:
    edits = load_channel().scorer.edits(name)
    pairs = pair_up(edits)
    for pair, text in zip(pairs.T.tolist(), texts_of_pairs(edits.texts, pairs), strict=True):
        assert applied(name, *(edit_of(name, number) for number in pair)) == text
