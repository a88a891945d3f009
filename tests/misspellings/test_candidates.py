from __future__ import annotations

import pytest

from robustness.drugs import load_drugs, load_known_names
from robustness.errors import InputError
from robustness.misspellings import candidates, channel_descriptions, load_observed
from robustness.misspellings.candidates import FEWEST, PER_CHANNEL
from robustness.misspellings.listing import list_misspellings


@pytest.mark.parametrize("name", [drug.name for drug in load_drugs()[::9]])
def test_candidates_never_collide_and_never_come_twice(name: str) -> None:
    known = load_known_names()
    found = candidates(name)
    texts = [one.text for one in found.kept]
    assert len(texts) == len(set(texts))
    assert name not in texts
    assert all(known.is_another_drug(text, name) is None for text in texts)
    assert all(known.is_another_drug(one.text, name) == one.other for one in found.collisions)


def test_every_drug_has_enough_to_be_tested_with() -> None:
    assert [drug.name for drug in load_drugs() if len(candidates(drug.name).kept) < FEWEST] == []


def test_the_noisy_channel_goes_on_where_observed_ones_run_out() -> None:
    many = candidates("metformin")
    assert {one.channel for one in many.kept} == {"observed"}
    few = next(n for n, group in load_observed().items() if len(group) == 1 and " " not in n)
    assert [one.channel for one in candidates(few).kept[:2]] == ["observed", "noisy"]
    unobserved = next(d.name for d in load_drugs() if d.name not in load_observed())
    assert {one.channel for one in candidates(unobserved).kept} == {"noisy"}


@pytest.mark.parametrize("channel", sorted(channel_descriptions()))
def test_every_channel_gives_its_own(channel: str) -> None:
    found = candidates("methotrexate", (channel,))
    assert found.kept
    assert {one.channel for one in found.kept} == {channel}
    if channel not in ("observed", "noisy"):
        assert len(found.kept) <= PER_CHANNEL


def test_an_ambiguous_abbreviation_is_no_invariance_case() -> None:
    texts = {one.text for one in candidates("methotrexate", ("shortening",)).kept}
    assert "MTX" not in texts


def test_unknown_channels() -> None:
    with pytest.raises(InputError, match="Did you mean 'keyboard'"):
        candidates("metformin", ("keybord",))
    with pytest.raises(InputError, match="No channel"):
        candidates("metformin", ())


def test_the_list_is_ranked_and_marks_what_people_typed() -> None:
    found = list_misspellings("metformin", limit=50)
    probabilities = [one.probability or 0.0 for one in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert {one.channel for one in found} == {"observed", "noisy"}
    assert next(one for one in found if one.text == "meformin").reports > 0
    assert len({one.text for one in found}) == 50
    assert {one.channel for one in list_misspellings("metformin", limit=5, channel="ocr")} == {
        "ocr"
    }
