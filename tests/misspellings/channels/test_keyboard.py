from __future__ import annotations

import pytest

from robustness.misspellings.channels.keyboard import CHANNEL, LAYOUTS, neighbours


@pytest.mark.parametrize("layout", LAYOUTS)
def test_neighbours_are_symmetric_and_never_the_key_itself(layout: str) -> None:
    near = neighbours(layout)
    for key, others in near.items():
        assert key not in others
        assert len(set(others)) == len(others)
        assert all(key in near[other] for other in others)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_letter_has_neighbours(layout: str) -> None:
    assert set("abcdefghijklmnopqrstuvwxyz") <= set(neighbours(layout))


@pytest.mark.parametrize(
    ("layout", "key", "near"),
    [
        ("QWERTY", "a", "qswz"),
        ("QWERTY", "g", "bfhtvy"),
        ("QWERTZ", "z", "67ghtu"),
        ("QWERTZ", "y", "asx"),
        ("AZERTY", "a", "qz"),
        ("AZERTY", "w", "qsx"),
        ("touch screen", "a", "qsw"),
        ("keypad", "s", "pqr"),
    ],
)
def test_neighbours_of_a_key(layout: str, key: str, near: str) -> None:
    assert neighbours(layout)[key] == near


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("metfirmin", "neighbour key (QWERTY)"),
        ("metforlin", "neighbour key (AZERTY)"),
        ("metfornin", "neighbour key (QWERTY)"),
        ("metfromin", "keys swapped"),
        ("metformn", "missed key"),
        ("mettformin", "key hit twice"),
        ("metfoprmin", "second key hit too"),
        ("oetformin", "neighbour key (keypad)"),
    ],
)
def test_slips(text: str, operator: str) -> None:
    slips = {one.text: one for one in CHANNEL.variants("metformin")}
    assert slips[text].operator == operator
    assert slips[text].distance == 1


def test_capitals_stay_capitals() -> None:
    texts = {one.text for one in CHANNEL.variants("METFORMIN")}
    assert "METFIRMIN" in texts
    assert all(text == text.upper() for text in texts)
