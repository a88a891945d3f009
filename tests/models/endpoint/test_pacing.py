from __future__ import annotations

import asyncio

from robustness.models.endpoint.pacing import FIRST, MOST, Gate, Pace


def test_a_round_of_successes_gives_one_place_more_and_there_is_a_most() -> None:
    pace = Pace()
    for _ in range(FIRST + 1):
        pace.went_well()
    assert pace.places == FIRST + 1
    for _ in range(MOST**2):
        pace.went_well()
    assert pace.places == MOST


def test_a_complaint_halves_once_for_all_that_was_under_way() -> None:
    pace = Pace(limit=32)
    for _ in range(10):
        pace.complained(begun=0)
    assert pace.places == 16
    for begun in range(1, 10):
        pace.complained(begun=begun)
    assert pace.places == 1


def test_no_more_are_under_way_than_there_are_places() -> None:
    pace, under_way = Pace(limit=4), 0
    seen: list[int] = []

    async def one(gate: Gate, number: int) -> None:
        nonlocal under_way
        async with gate.place() as begun:
            under_way += 1
            seen.append(under_way)
            await asyncio.sleep(0.001)
            under_way -= 1
            if number == 10:
                pace.complained(begun=begun)

    async def everything() -> None:
        gate = Gate(pace)
        await asyncio.gather(*(one(gate, number) for number in range(40)))

    asyncio.run(everything())
    asyncio.run(everything())  # a pace outlives an event loop
    assert len(seen) == 80
    assert max(seen) == 4
    assert max(seen[20:]) == 2
