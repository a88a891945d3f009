"""The misspellings that a search may try: everything near a name that is no other drug's name.

Distance one is complete: every substitution, deletion, insertion and transposition over a to z. Distance
two holds what the noisy channel proposes. Collisions are left out by the oracle behind `rank`, so that no
answer is called broken that a reader might rightly give.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from robustness.misspellings import rank

if TYPE_CHECKING:
    from robustness.misspellings import Misspelling

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Misspellings of one name, those of one edit first, in each group the most probable first."""

    name: str
    misspellings: tuple[Misspelling, ...]
    ones: int
    """How many of them are one edit away; they come first, and there are no others."""

    def __len__(self) -> int:
        return len(self.misspellings)


@lru_cache(maxsize=1024)
def neighbourhood(name: str) -> Neighbourhood:
    """The neighbourhood of a name.

    Args:
        name: A name in lower case.

    Raises:
        InputError: The name has fewer than two letters from a to z.

    >>> near = neighbourhood("metformin")
    >>> near.misspellings[0].text, near.ones, near.misspellings[near.ones].distance
    ('metfomin', 493, 2)
    """
    found = rank(name, _ALL)
    ones = [one for one in found if one.distance == 1]
    twos = [one for one in found if one.distance == 2]
    return Neighbourhood(name, (*ones, *twos), len(ones))
