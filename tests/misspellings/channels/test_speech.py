from __future__ import annotations

import pytest
from hypothesis import given

from robustness.misspellings.channels.speech import CHANNEL, WORDS, syllables
from tests.misspellings.channels.texts import known_names


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("met formin", "split at a syllable"),
        ("metfor min", "split at a syllable"),
        ("met for min", "split at a syllable"),
        ("met forming", "split, sound-alike ending"),
        ("metforming", "sound-alike ending"),
        ("met four min", "split, homophone"),
        ("met four men", "split, homophones"),
    ],
)
def test_what_is_heard(text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants("metformin")}[text] == operator


@given(known_names)
def test_syllables_spell_the_name(name: str) -> None:
    assert "".join(syllables(name)) == name
    assert all(syllables(name))


@given(known_names)
def test_a_split_only_adds_spaces(name: str) -> None:
    for one in CHANNEL.variants(name):
        if one.operator == "split at a syllable":
            assert one.text.replace(" ", "") == name.replace(" ", "")


def test_a_word_is_never_its_own_homophone() -> None:
    assert all(syllable != word for syllable, word in WORDS.items())


def test_capitals_are_kept() -> None:
    assert "Met four min" in {one.text for one in CHANNEL.variants("Metformin")}
    assert "MET FOUR MIN" in {one.text for one in CHANNEL.variants("METFORMIN")}
