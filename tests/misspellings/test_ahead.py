from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from robustness.drugs import load_drugs
from robustness.misspellings.ahead import TOGETHER, DistributionsAhead
from robustness.misspellings.parameters import load_channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings.noisy_channel import Distribution, NoisyChannel

NAMES = [drug.name for drug in load_drugs()[:70]]


class Counting:
    """The shipped channel, which counts what it works out."""

    def __init__(self) -> None:
        self.channel = load_channel()
        self.calls: list[int] = []

    def distribution(self, name: str) -> Distribution:
        return self.distributions([name])[0]

    def distributions(self, names: Sequence[str]) -> list[Distribution]:
        self.calls.append(len(names))
        return self.channel.distributions(names)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def ahead(counting: Counting) -> DistributionsAhead:
    return DistributionsAhead(cast("NoisyChannel", counting), NAMES)


@pytest.mark.parametrize("turn", [1, -1])
def test_what_was_read_ahead_is_what_is_asked_for(ahead: DistributionsAhead, turn: int) -> None:
    for name in NAMES[::turn]:
        found, alone = ahead.distribution(name), load_channel().distribution(name)
        assert found.name == name
        assert found.one.tolist() == alone.one.tolist()
        assert found.probability.tolist() == alone.probability.tolist()


def test_what_is_kept_cannot_be_written_to(ahead: DistributionsAhead) -> None:
    for name in NAMES[:2]:
        ahead.distribution(name)
    kept = ahead.distribution(NAMES[1])
    for shared in (kept.one, kept.other, kept.probability):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 0


def test_every_drug_is_worked_out_once(ahead: DistributionsAhead, counting: Counting) -> None:
    for name in [*NAMES, *NAMES]:
        ahead.distribution(name)
    # The first one was worked out alone, and once more among its like.
    assert counting.calls[0] == 1
    assert sum(counting.calls[1:]) == len(NAMES)
    assert max(counting.calls) == TOGETHER


def test_one_name_is_worked_out_alone(ahead: DistributionsAhead, counting: Counting) -> None:
    ahead.distribution("metformin")
    assert counting.calls == [1]


def test_names_that_are_not_in_the_list_are_worked_out_alone(
    ahead: DistributionsAhead, counting: Counting
) -> None:
    for name in ("sofosbuvir xr", "zzyzx", "zzyzx"):
        ahead.distribution(name)
    assert counting.calls == [1, 1, 1]


def test_names_that_are_too_long_hinder_no_others(counting: Counting) -> None:
    names = ["a" * 5000, *NAMES[:3]]
    ahead = DistributionsAhead(cast("NoisyChannel", counting), names)
    assert [ahead.distribution(name).name for name in NAMES[:3]] == NAMES[:3]
    assert counting.calls == [1, 3]
