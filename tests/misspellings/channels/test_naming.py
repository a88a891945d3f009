from __future__ import annotations

import pytest

from robustness.drugs import load_drugs, load_known_names
from robustness.misspellings.channels import misspell_through
from robustness.misspellings.channels.naming import CHANNEL


def test_brand_for_generic_and_back() -> None:
    assert ("Glucophage", "brand for generic") in _named("metformin")
    assert ("metformin", "generic for brand") in _named("Glucophage")
    assert ("metformin", "generic for brand") in _named("GLUCOPHAGE")


@pytest.mark.parametrize("name", ["aspirinoid", "a", "7", "\u062f\u0648\u0627\u0621"])
def test_an_unknown_name_has_no_other_name(name: str) -> None:
    assert list(CHANNEL.variants(name)) == []


def test_every_other_name_is_of_the_same_drug() -> None:
    known = load_known_names()
    for drug in load_drugs():
        for one in misspell_through("naming", drug.name, limit=50):
            assert one.text in drug.brands
            assert known.substances(one.text) <= known.substances(drug.name)


def _named(name: str) -> set[tuple[str, str]]:
    return {(one.text, one.operator) for one in CHANNEL.variants(name)}
