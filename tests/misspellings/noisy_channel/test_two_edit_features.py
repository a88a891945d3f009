"""What is known of pairs of edits, against a reading of the edits in words that shares no code with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robustness.misspellings.noisy_channel.edit_features import LETTERS, encode
from robustness.misspellings.noisy_channel.edit_index import edit_of, texts_of_pairs
from robustness.misspellings.noisy_channel.table import load_channel
from robustness.misspellings.noisy_channel.two_edit_features import PAIR_FACTORS, pair_features
from robustness.misspellings.noisy_channel.two_edits import TWO_FOR_ONE, pair_up

if TYPE_CHECKING:
    from robustness.misspellings.edits import Edit

words = st.text("aeinoprstxyhcflqk", min_size=2, max_size=9)
GAPS = ("touching", "1 apart", "2 apart", "3 apart", "farther")


def pairs_of(name: str) -> list[tuple[str, tuple[Edit, ...], dict[str, float]]]:
    """What each pair makes of a name, its edits, and its features by factor."""
    channel = load_channel()
    single = channel.scorer.edits(name)
    pairs = pair_up(single)
    texts = texts_of_pairs(single.texts, pairs)
    table = pair_features(single, pairs, texts, channel.scorer.trigrams)
    edits = [tuple(edit_of(name, number) for number in pair) for pair in pairs.T.tolist()]
    rows = [dict(zip(PAIR_FACTORS, row, strict=True)) for row in table.tolist()]
    return list(zip(texts, edits, rows, strict=True))


def slow_fluency(text: str) -> float:
    padded = [LETTERS.index("#")] * 2
    codes = [*padded, *encode(text).tolist(), *padded]
    trigrams = load_channel().scorer.trigrams
    return float(sum(trigrams[run] for run in zip(codes, codes[1:], codes[2:], strict=False)))


@pytest.mark.parametrize("name", ["metformin", "ab", "a-bc 1d", "simvastatin" * 4])
def test_fluency_is_that_of_the_text(name: str) -> None:
    for text, _, row in pairs_of(name):
        assert row["fluency"] == pytest.approx(slow_fluency(text), abs=1e-9), text


def slow_flags(name: str, one: Edit, other: Edit) -> set[str]:
    operators = (
        one.operator.replace("doubling", "insertion"),
        other.operator.replace("doubling", "insertion"),
    )
    gap = other.position - one.position - len(one.before)
    at_end = other.position == len(name) - 1
    flags = {GAPS[min(gap, 4)]}
    if (one.before, one.after) == (other.after, other.before) and len(one.before) < 2:
        moved = {"letter moved"} | (
            {"liquid moved"} if (one.before or one.after) in "lr" else set()
        )
        flags |= {"multi-letter"} | (
            moved if len(one.before) != len(one.after) else {"letters swapped"}
        )
    if operators == ("deletion", "deletion") and not gap:
        flags |= {"multi-letter"} | ({"last two dropped"} if at_end else set())
    for two, sound in TWO_FOR_ONE:
        joined = (one.before + other.before[:1], one.after) == (two, sound) and operators[1] in {
            "deletion",
            "transposition",
        }
        parted = (one.before, one.after + other.after, other.before) == ("", two, sound)
        if not gap and (joined or parted):
            flags |= {"multi-letter", "sound"}
    if operators == ("substitution", "substitution") and one.after == other.after:
        flags.add("same letter written")
    if any({edit.before, edit.after} == {"i", "y"} for edit in (one, other)):
        flags.add("i and y")
    if operators[1] == "deletion" and at_end and other.before == "e":
        flags.add("final e dropped")
    return flags


@settings(deadline=None, max_examples=40)
@given(words)
def test_flags_and_gaps_are_those_of_the_edits(name: str) -> None:
    for _, edits, row in pairs_of(name):
        one, other = edits
        held = {factor for factor in PAIR_FACTORS[4:] if row[factor]}
        assert held == slow_flags(name, one, other), edits


def test_examples_have_the_flags_of_their_names() -> None:
    found = {text: row for text, _, row in pairs_of("metformine")}
    assert found["metphormine"]["sound"]
    assert found["metformi"]["last two dropped"]
