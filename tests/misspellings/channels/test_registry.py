from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from robustness.drugs import load_known_names
from robustness.drugs.known_names import normalise
from robustness.errors import InputError
from robustness.misspellings.channels import (
    CHANNELS,
    Spelling,
    draw_through,
    find_channel,
    misspell_through,
)
from robustness.misspellings.channels.channel import quick_edits
from robustness.misspellings.channels.registry import other_drug
from robustness.misspellings.edits import edits_between
from robustness.misspellings.letters import LONGEST
from tests.misspellings.channels.texts import KNOWN, WEIRD, any_text, known_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings import Edit, Misspelling

channels = st.sampled_from(sorted(CHANNELS))
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_channel_is_registered_under_its_own_name() -> None:
    assert list(CHANNELS) == [one.name for one in CHANNELS.values()]
    assert set(CHANNELS) == {
        "keyboard",
        "phonetic",
        "ocr",
        "speech",
        "unicode",
        "formatting",
        "shortening",
        "naming",
    }
    assert all(one.description for one in CHANNELS.values())


def test_an_unknown_channel_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'keyboard'"):
        find_channel("keybord")


def test_a_negative_limit_is_an_error() -> None:
    with pytest.raises(InputError, match="negative limit"):
        misspell_through("ocr", "metformin", limit=-1)


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_draws_without_a_limit(channel: str) -> None:
    assert misspell_through(channel, "metformin", limit=0) == ()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", WEIRD, ids=lambda name: ascii(name)[:20])
def test_weird_input_gives_misspellings_or_a_clear_error(channel: str, name: str) -> None:
    if not normalise(name) or "\ud800" in name or len(name) > LONGEST:
        with pytest.raises(InputError, match=r"\.$") as caught:
            misspell_through(channel, name, limit=5)
        assert len(str(caught.value)) < 300
    else:
        _check(name.strip(), misspell_through(channel, name, limit=5))


def test_a_name_may_have_so_many_characters_and_no_more() -> None:
    assert misspell_through("keyboard", "a" * LONGEST, limit=1)
    with pytest.raises(InputError, match="1001 characters"):
        misspell_through("keyboard", "a" * (LONGEST + 1), limit=1)


@calm
@given(name=any_text, channel=channels, seed=st.integers(0, 3))
def test_any_text_gives_misspellings_or_a_clear_error(name: str, channel: str, seed: int) -> None:
    try:
        drawn = misspell_through(channel, name, limit=5, seed=seed)
    except InputError:
        assert not normalise(name.strip()) or max(name) >= "\ud800" or len(name) > LONGEST
    else:
        _check(name.strip(), drawn)


@calm
@given(name=known_names, channel=channels, seed=st.integers(0, 3), limit=st.integers(0, 30))
def test_known_names_give_distinct_misspellings_without_collisions(
    name: str, channel: str, seed: int, limit: int
) -> None:
    drawn = misspell_through(channel, name, limit=limit, seed=seed)
    assert len(drawn) <= limit
    assert drawn == misspell_through(channel, name, limit=limit, seed=seed)
    assert drawn == misspell_through(channel, name, limit=limit + 5, seed=seed)[: len(drawn)]
    _check(name, drawn)
    for one in drawn:
        assert one.channel == channel
        spelling = Spelling(one.text, one.operator, is_name=_is_name(one.operator))
        assert other_drug(spelling, name) is None


def test_no_noop_duplicate_or_exact_collision_in_many_draws() -> None:
    known, total = load_known_names(), 0
    for i, name in enumerate(KNOWN[::53]):
        for channel in CHANNELS:
            drawn = misspell_through(channel, name, limit=20, seed=i)
            total += len(drawn)
            assert len({one.text for one in drawn} | {name}) == len(drawn) + 1
            own = known.substances(name)
            assert all(known.substances(one.text) <= own for one in drawn), (name, channel)
    assert total > 10_000


@settings(calm, max_examples=20)
@given(name=known_names, channel=channels)
def test_the_chances_of_all_spellings_sum_to_one(name: str, channel: str) -> None:
    draws = draw_through(channel, name, limit=5000)
    chances = [one.probability for one in (*draws.kept, *(m for m, _ in draws.collisions))]
    if not CHANNELS[channel].equiprobable:
        assert set(chances) <= {None}
    elif chances:
        assert sum(filter(None, chances)) == pytest.approx(1)


def test_another_seed_draws_others() -> None:
    first, second = (misspell_through("keyboard", "metformin", limit=9, seed=s) for s in (0, 1))
    assert first != second


def test_operators_take_turns() -> None:
    drawn = misspell_through("unicode", "metformin", limit=12)
    assert len({one.operator for one in drawn}) == 12


def test_collisions_are_told_with_the_other_name() -> None:
    cut = draw_through("shortening", "methotrexate", limit=100)
    others = {one.text: other for one, other in cut.collisions}
    assert "met" in others
    assert all(load_known_names().substances(other) for other in others.values())
    assert not others.keys() & {one.text for one in cut.kept}


@settings(calm, max_examples=20)
@given(name=known_names)
def test_a_text_that_normalises_to_the_name_is_never_a_collision_for_the_oracle(name: str) -> None:
    assert load_known_names().is_another_drug(name.upper() + ".", name) is None
    assert other_drug(Spelling(name.upper() + ".", "capitals"), name) is None


def test_the_exact_rule_holds_for_other_names_only() -> None:
    assert (
        other_drug(Spelling("warfarin", "brand for generic", is_name=True), "metformin")
        == "warfarin"
    )
    assert (
        other_drug(Spelling("Glucophage", "brand for generic", is_name=True), "metformin") is None
    )
    assert other_drug(Spelling("warfarin", "neighbour key"), "metformin") == "warfarin"


@calm
@given(st.text("abcé -", max_size=12), st.text("abcé -", max_size=12))
def test_quick_edits_are_as_few_as_an_independent_distance_and_write_the_text(
    intended: str, text: str
) -> None:
    edits = quick_edits(intended, text)
    assert len(edits) == OSA.distance(intended, text) == len(edits_between(intended, text))
    assert _applied(intended, edits) == text
    assert all(a.position <= b.position for a, b in pairwise(edits))


def test_loading_the_channels_loads_nothing_heavy() -> None:
    code = (
        "import sys, robustness.misspellings.channels\n"
        "print([m for m in ('torch', 'transformers', 'ray', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _is_name(operator: str) -> bool:
    return "abbreviation" in operator or " for brand" in operator or "brand for" in operator


def _check(name: str, drawn: Sequence[Misspelling]) -> None:
    texts = [one.text for one in drawn]
    assert name not in texts
    assert len(set(texts)) == len(texts)
    for one in drawn:
        assert one.intended == name
        assert one.operator
        assert normalise(one.text)
        assert _applied(name, one.edits) == one.text
        assert one.probability is None or 0 < one.probability <= 1


def _applied(name: str, edits: Sequence[Edit]) -> str:
    text = name
    for edit in reversed(edits):
        end = edit.position + len(edit.before)
        assert text[edit.position : end] == edit.before
        text = text[: edit.position] + edit.after + text[end:]
    return text
