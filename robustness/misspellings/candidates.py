"""The misspellings that a name is tested with: observed ones, else likely ones, without collisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.misspellings.observed import load_observed
from robustness.misspellings.ranking import rank

if TYPE_CHECKING:
    from robustness.misspellings.misspelling import Misspelling

UNOBSERVED_VARIANTS = 6
"""How many likely variants stand in for a name whose misspellings nobody recorded."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A misspelling that was rejected, because it is or is as near to another drug's name."""

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


@lru_cache(maxsize=4096)
def candidates(name: str) -> Candidates:
    """The observed misspellings of a name, or `UNOBSERVED_VARIANTS` likely ones where there is none.

    Each is checked against every known drug name. Observed ones keep their order, the most reported
    first; a name whose observed misspellings all collide gets likely variants too, from the noisy channel.
    """
    kept, collisions = _parted(load_observed().get(name, ()))
    if not kept:
        kept = rank(name, UNOBSERVED_VARIANTS)
    return Candidates(kept, collisions)


def _parted(
    misspellings: tuple[Misspelling, ...],
) -> tuple[tuple[Misspelling, ...], tuple[Collision, ...]]:
    known = load_known_names()
    kept, collisions = [], []
    for one in misspellings:
        other = known.is_another_drug(one.text, one.intended)
        if other is None:
            kept.append(one)
        else:
            collisions.append(Collision(one.text, one.intended, other, one.channel))
    return tuple(kept), tuple(collisions)
