from __future__ import annotations

import pytest
from hypothesis import given, settings

from robustness.drugs import load_look_alikes
from robustness.drugs.known_names import normalise
from robustness.misspellings.channels import misspell_through
from robustness.misspellings.channels.formatting import CHANNEL, tall_man
from tests.misspellings.channels.texts import known_names


@pytest.mark.parametrize(
    ("name", "text", "operator"),
    [
        ("metformin", "METFORMIN", "capitals"),
        ("metformin", "Metformin", "first letter capital"),
        ("metformin", "mETFORMIN", "caps lock"),
        ("metformin", "met-formin", "inserted hyphen"),
        ("metformin", "met formin", "inserted space"),
        ("metformin", "metformin.", "trailing punctuation"),
        ("metformin", "met\nformin", "line break"),
        ("metformin", "met-\nformin", "line break after a hyphen"),
        ("metformin", "metformin500mg", "dose glued on"),
        ("bupropion", "buPROPion", "Tall Man"),
        ("insulin lispro", "insulinlispro", "joined words"),
        ("a-hydrocort", "ahydrocort", "hyphen left out"),
    ],
)
def test_settings_of_a_name(name: str, text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants(name)}[text] == operator


@settings(deadline=None)
@given(known_names)
def test_all_but_a_dose_leave_the_letters_alone(name: str) -> None:
    for one in CHANNEL.variants(name):
        if not one.operator.startswith(("dose", "dosage", "trailing")):
            assert normalise(one.text) == normalise(name)


def test_tall_man_is_the_table_s_and_not_made_up() -> None:
    assert len(tall_man()) == len({n for p in load_look_alikes() for n in (p.name, p.lookalike)})
    assert not any(one.operator == "Tall Man" for one in CHANNEL.variants("metformin"))


def test_a_variant_that_normalises_to_the_name_is_no_collision() -> None:
    texts = {one.text for one in misspell_through("formatting", "hydroxyzine", limit=500)}
    assert {"hydrOXYzine", "HYDROXYZINE", "hydroxyzine500mg"} <= texts
