"""How many requests may be under way at once: more while a server keeps up, half as many when it does not.

The rule is that of congestion control (additive increase, multiplicative decrease; Chiu and Jain 1989): one
place more for every round of successes, half the places for a complaint. Requests that were under way when
it was halved do not halve it again, for they say the same. Knows nothing of statuses or retries.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FIRST = 8
"""Requests under way at once, before anything is known of a server."""
MOST = 64


@dataclass(slots=True)
class Pace:
    """What is known of how much a server takes; lasts from batch to batch.

    >>> pace = Pace()
    >>> pace.complained(begun=0)
    >>> pace.places
    4
    """

    limit: float = FIRST
    """Places, with the fraction of the next one."""
    most: int = MOST
    halvings: int = 0
    successes: int = 0
    """Requests that were answered so far."""

    @property
    def places(self) -> int:
        """Requests that may be under way, at least 1."""
        return int(self.limit)

    def went_well(self) -> None:
        """Take a success into account."""
        self.limit = min(float(self.most), self.limit + 1 / self.limit)
        self.successes += 1

    def complained(self, *, begun: int) -> None:
        """Take into account that the server is busy, broken or silent.

        Args:
            begun: How many halvings there had been when the request was sent.
        """
        if begun == self.halvings:
            self.limit = max(1.0, self.limit / 2)
            self.halvings += 1


class Gate:
    """Lets requests through at a pace; belongs to one event loop."""

    def __init__(self, pace: Pace) -> None:
        self._pace, self._under_way = pace, 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        """Wait for a place; gives the number of halvings so far, for `Pace.complained`."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._under_way < self._pace.places)
            self._under_way += 1
        try:
            yield self._pace.halvings
        finally:
            async with self._changed:
                self._under_way -= 1
                self._changed.notify_all()
