from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.misspellings.channels import misspell_through
from robustness.misspellings.channels.shortening import (
    AMBIGUOUS,
    CHANNEL,
    load_abbreviations,
    read_abbreviations,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "text", "operator"),
    [
        ("methotrexate", "MTX", AMBIGUOUS),
        ("hydrochlorothiazide", "HCTZ", AMBIGUOUS),
        ("zidovudine", "AZT", AMBIGUOUS),
        ("zidovudine", "ZDV", "abbreviation"),
        ("isoniazid", "INH", "abbreviation"),
        ("METHOTREXATE", "MTX", AMBIGUOUS),
        ("metformin", "metform", "truncation"),
        ("metformin", "metform.", "truncation with a full stop"),
        ("insulin glargine", "insulin", "first word only"),
    ],
)
def test_short_forms(name: str, text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants(name)}[text] == operator


def test_truncations_that_are_as_near_to_another_drug_are_not_drawn() -> None:
    texts = {one.text for one in misspell_through("shortening", "metformin", limit=100)}
    assert "metformi" in texts
    assert "met" not in texts


@pytest.mark.parametrize("name", ["methotrexate", "zidovudine", "isoniazid"])
def test_abbreviations_are_drawn(name: str) -> None:
    texts = {one.text for one in misspell_through("shortening", name, limit=100)}
    assert {one.text for one in load_abbreviations()[name]} <= texts


def test_every_abbreviation_is_short_for_known_drugs_and_no_name_itself() -> None:
    known = load_known_names()
    for group in load_abbreviations().values():
        for one in group:
            assert one.name in known
            assert one.text not in known
            own = known.substances(one.name)
            assert all(known.substances(other) for other in one.also_read_as)
            assert not any(known.substances(other) & own for other in one.also_read_as)


def test_an_abbreviation_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "abbreviations.csv"
    path.write_text("abbreviation,name,also_read_as\nMTX,methotrexate,\nMTX,mitoxantrone,\n")
    with pytest.raises(InputError, match="listed twice"):
        read_abbreviations(path)
