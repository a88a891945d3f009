"""Distributions of drugs, worked out several at a time before they are asked for, and kept.

Nearly all time that one name takes goes into calling the array library, so that sixteen names take about
as long as three. Who asks for a second drug of a table goes through the table: then those around it are worked out with it.
This module knows no probabilities, and ranks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.drugs import load_drugs
from robustness.misspellings.channels.channel import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings.noisy_channel import Distribution, NoisyChannel

TOGETHER = 16
"""How many names are worked out at once: more no longer fit into the caches of a core."""
_AROUND = 4 * TOGETHER
"""Names of like length, which are worked out soonest, are looked for among so many that follow each other."""


class DistributionsAhead:
    """What `channel` makes of names, soonest where they are asked for in any order out of a list.

    Args:
        channel: The noisy channel.
        names: The list, in lower case. What was worked out of these is kept. Default: the drugs of the table.
    """

    def __init__(self, channel: NoisyChannel, names: Sequence[str] | None = None) -> None:
        self._channel = channel
        self._names = names
        self._asked = False
        self._group: dict[str, list[str]] = {}
        self._kept: dict[str, Distribution] = {}

    def distribution(self, name: str) -> Distribution:
        """As `NoisyChannel.distribution`."""
        found = self._kept.get(name)
        if found is not None:
            return found
        if not self._asked:
            # Many ask for one name and no more.
            self._asked = True
            return self._channel.distribution(name)
        if not self._group:
            names = [drug.name for drug in load_drugs()] if self._names is None else self._names
            self._group = {one: group for group in _groups(names) for one in group}
        group = self._group.get(name)
        if group is None:
            return self._channel.distribution(name)
        for found in self._channel.distributions(group):
            for shared in (found.one, found.other, found.probability):
                shared.setflags(write=False)
            self._kept[found.name] = found
        return self._kept[name]


def _groups(names: Sequence[str]) -> list[list[str]]:
    """Names that are worked out together, each once; none that is too long to be ranked."""
    distinct = [name for name in dict.fromkeys(names) if len(name) <= LONGEST]
    groups = []
    for first in range(0, len(distinct), _AROUND):
        around = sorted(distinct[first : first + _AROUND], key=len)
        groups += [around[k : k + TOGETHER] for k in range(0, len(around), TOGETHER)]
    return groups
