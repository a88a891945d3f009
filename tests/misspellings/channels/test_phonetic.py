from __future__ import annotations

import jellyfish
import pytest
from hypothesis import given, settings

from robustness.misspellings.channels.phonetic import CHANNEL, sound
from tests.misspellings.channels.texts import known_names


@pytest.mark.parametrize(
    ("name", "text", "operator"),
    [
        ("phenytoin", "fenytoin", "f for ph"),
        ("metformin", "metphormin", "ph for f"),
        ("metformin", "metformyn", "y for i"),
        ("amoxicillin", "amoksicillin", "ks for x"),
        ("amoxicillin", "amoxicilin", "l for ll"),
        ("cephalexin", "cefalexin", "f for ph"),
        ("phenytoin", "fenitoin", "two respellings"),
        ("Xarelto", "Zarelto", "z for x"),
        ("PHENYTOIN", "FENYTOIN", "f for ph"),
    ],
)
def test_respellings(name: str, text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants(name)}[text] == operator


@settings(deadline=None)
@given(known_names)
def test_respellings_sound_the_same(name: str) -> None:
    code = jellyfish.metaphone(name).replace(" ", "")
    for one in CHANNEL.variants(name):
        assert jellyfish.metaphone(one.text).replace(" ", "") == code


@pytest.mark.parametrize("name", ["7", "\u062f\u0648\u0627\u0621"])
def test_a_name_without_a_sound_has_no_respelling(name: str) -> None:
    assert sound(name) == ""
    assert list(CHANNEL.variants(name)) == []


def test_a_rewriting_that_changes_the_sound_is_left_out() -> None:
    assert "kwetiapine" not in {one.text for one in CHANNEL.variants("quetiapine")}
    assert jellyfish.metaphone("kwetiapine") != jellyfish.metaphone("quetiapine")


def test_the_first_letter_is_not_doubled() -> None:
    assert not any(one.text.startswith("mm") for one in CHANNEL.variants("metformin"))
