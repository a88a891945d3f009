"""The misspellings that a name is tested with, channel by channel, without collisions.

What people typed comes first; where that runs out, the noisy channel goes on with what they would most
probably type. The other channels are used when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.errors import InputError, nearest
from robustness.misspellings.channels.registry import CHANNELS as OTHER_CHANNELS
from robustness.misspellings.channels.registry import draw_through
from robustness.misspellings.channels.shortening import AMBIGUOUS
from robustness.misspellings.misspelling import CHANNELS as LEARNED_CHANNELS
from robustness.misspellings.noisy_channel.ranking import draw_ranked
from robustness.misspellings.observed import load_observed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from robustness.misspellings.misspelling import Misspelling

DEFAULT_CHANNELS = ("observed", "noisy")
FEWEST = 7
"""Up to how many misspellings the noisy channel adds to the observed ones."""
PER_CHANNEL = 7
"""How many misspellings each other channel gives."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A misspelling that was rejected, because it is or is as near to another drug's name.

    It makes a must-differ case and no invariance case: an answer to it that holds is no merit.
    """

    text: str
    intended: str
    other: str
    """The name of the other drug."""
    channel: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a name is tested with, and what was rejected."""

    kept: tuple[Misspelling, ...]
    collisions: tuple[Collision, ...]


def channel_descriptions() -> dict[str, str]:
    """Every channel that misspellings can come from, with what it means."""
    described: dict[str, str] = dict(LEARNED_CHANNELS.items())
    return described | {name: channel.description for name, channel in OTHER_CHANNELS.items()}


def check_channels(channels: Sequence[str]) -> None:
    """Complain about a channel that there is not.

    Raises:
        InputError: None was given or one is unknown; the message holds the nearest one.
    """
    known = channel_descriptions()
    if not channels:
        raise InputError("No channel", hint=nearest("", known))
    for channel in channels:
        if channel not in known:
            raise InputError("Unknown channel", value=channel, hint=nearest(channel, known))


@lru_cache(maxsize=4096)
def candidates(name: str, channels: tuple[str, ...] = DEFAULT_CHANNELS) -> Candidates:
    """What a name is tested with.

    Args:
        name: A name in lower case.
        channels: Names of channels, see `channel_descriptions`; their order is that of the result.

    Returns:
        All observed misspellings, the most reported first; from the noisy channel the most probable ones
        that were not observed, up to `FEWEST` together with the observed ones; `PER_CHANNEL` from each
        other channel. No misspelling comes twice, and none is an abbreviation with several meanings.

    Raises:
        InputError: An unknown channel.
    """
    check_channels(channels)
    kept: dict[str, Misspelling] = {}
    collisions: dict[str, Collision] = {}
    for channel in channels:
        if channel == "observed":
            found, rejected = _parted(load_observed().get(name, ()))
        elif channel == "noisy":
            wanted = max(0, FEWEST - len(kept)) if "observed" in channels else FEWEST
            found, rejected = _likely(name, kept, wanted)
        else:
            found, rejected = _drawn(channel, name)
        for one in found:
            kept.setdefault(one.text, one)
        for collision in rejected:
            collisions.setdefault(collision.text, collision)
    return Candidates(tuple(kept.values()), tuple(collisions.values()))


def _parted(misspellings: Iterable[Misspelling]) -> tuple[list[Misspelling], list[Collision]]:
    known = load_known_names()
    kept, collisions = [], []
    for one in misspellings:
        other = known.is_another_drug(one.text, one.intended)
        if other is None:
            kept.append(one)
        else:
            collisions.append(Collision(one.text, one.intended, other, one.channel))
    return kept, collisions


def _likely(
    name: str, kept: Collection[str], wanted: int
) -> tuple[list[Misspelling], list[Collision]]:
    """What the noisy channel adds to what is kept, and the collisions that were at least as probable."""
    if not wanted:
        return [], []
    draws = draw_ranked(name, FEWEST + len(kept))
    found = [one for one in draws.kept if one.text not in kept][:wanted]
    least = min((one.probability or 0.0 for one in found), default=1.0)
    rejected = [
        Collision(one.text, name, other, one.channel)
        for one, other in draws.collisions
        if (one.probability or 0.0) >= least
    ]
    return found, rejected


def _drawn(channel: str, name: str) -> tuple[list[Misspelling], list[Collision]]:
    draws = draw_through(channel, name, limit=PER_CHANNEL)
    kept = [one for one in draws.kept if one.operator != AMBIGUOUS]
    rejected = [Collision(one.text, name, other, channel) for one, other in draws.collisions]
    return kept, rejected
