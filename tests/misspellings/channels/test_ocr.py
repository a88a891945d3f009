from __future__ import annotations

from itertools import chain

import pytest

from robustness.misspellings.channels.ocr import CHANNEL, HANDWRITTEN, PRINTED


@pytest.mark.parametrize(
    ("name", "text", "operator"),
    [
        ("metformin", "rnetformin", "rn for m"),
        ("metformin", "rnetforrnin", "rn for m, everywhere"),
        ("metformin", "metf0rmin", "0 for o"),
        ("warfarin", "warfarln", "l for i"),
        ("warfarin", "worfarin", "o for a"),
        ("warfarin", "vvarfarin", "vv for w"),
        ("clonidine", "donidine", "d for cl"),
        ("clonidine", "clonicline", "cl for d"),
        ("LASIX", "LA5IX", "5 for S"),
        ("LASIX", "LAS1X", "1 for I"),
        ("lisinopril", "1isinopril", "1 for l"),
    ],
)
def test_confusions(name: str, text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants(name)}[text] == operator


def test_a_shape_is_confused_with_another_one_and_in_one_table_only() -> None:
    pairs = [frozenset(pair) for pair in chain(PRINTED, HANDWRITTEN)]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(set(pairs)) == len(pairs)


def test_undoing_a_confusion_gives_the_name_back() -> None:
    for one in CHANNEL.variants("metformin"):
        if "everywhere" not in one.operator:
            assert "metformin" in {back.text for back in CHANNEL.variants(one.text)}
