"""Plan an audit: which pairs are asked, in which order, under a budget.

Rounds go over every slot of the source (every drug and relation, or every row of a file); each round takes
the next misspelling of the name, shifted by the slot, so that a small budget already covers all drugs and
relations and many misspellings. The same tables, drugs, budget and seed give the same plan, and a smaller
budget gives a part of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError
from robustness.misspellings import (
    DEFAULT_CHANNELS,
    Candidates,
    Collision,
    Misspelling,
    candidates,
)
from robustness.questions import LeafletSource
from robustness.questions.loading import embedded_source
from robustness.questions.pair import Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.drugs import Drug
    from robustness.questions import Case, Slot, Source


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit asks."""

    pairs: tuple[Pair, ...]
    collisions: tuple[Collision, ...]
    """Misspellings of the audited drugs that were rejected."""
    drugs: tuple[str, ...]
    """The drugs that were asked for; a small budget may not reach all of them."""
    channels: tuple[str, ...]
    """Where misspellings come from."""
    seed: int
    budget: int
    """Largest number of pairs that was asked for; 0 for all there are."""
    source: dict[str, Any] = field(default_factory=lambda: {"kind": LeafletSource.kind})
    """Where the questions come from, see `robustness.questions.Source.record`."""
    skipped_rows: tuple[dict[str, Any], ...] = ()
    """Rows of a user's file that make no case, with the reason."""


def make_plan(
    drugs: Sequence[Drug] | None,
    *,
    seed: int,
    budget: int,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    source: Source | None = None,
) -> Plan:
    """Plan the pairs of an audit.

    Args:
        drugs: Drugs to audit, None for all that the source asks about; leaflets take their other drugs
            from the whole table.
        seed: Decides leaflets, phrasings and order.
        budget: Largest number of pairs; 0 for all there are.
        channels: Where misspellings come from, see `robustness.misspellings.candidates`.
        source: Where questions come from. Default: the embedded leaflets.

    Raises:
        InputError: The budget is negative, a channel is unknown, or no drug has a misspelling that is not a collision.
    """
    if budget < 0:
        raise InputError(
            "Negative budget", value=budget, hint="Give a number of pairs, or 0 for all."
        )
    source = source or embedded_source(seed)
    slots = source.slots(drugs)
    found = {name: candidates(name, channels) for name in dict.fromkeys(s.name for s in slots)}
    pairs = _rounds(source, slots, found, seed=seed, budget=budget)
    if not pairs:
        raise InputError("Nothing to audit", hint="Name other drugs: robustness list drugs.")
    return Plan(
        pairs=tuple(pairs),
        collisions=tuple(c for one in found.values() for c in one.collisions),
        drugs=tuple(
            dict.fromkeys(slot.drug.name for slot in slots)
            if drugs is None
            else (drug.name for drug in drugs)
        ),
        channels=channels,
        seed=seed,
        budget=budget,
        source=source.record,
        skipped_rows=tuple(source.skipped_rows),
    )


def _rounds(
    source: Source, slots: list[Slot], found: dict[str, Candidates], *, seed: int, budget: int
) -> list[Pair]:
    """The pairs, round by round: in each, every slot that has a misspelling left gets its next one."""
    slots = [slot for slot in slots if found[slot.name].kept]
    random.Random(f"{seed}/order").shuffle(slots)
    rounds = max((len(found[slot.name].kept) for slot in slots), default=0)
    pairs: list[Pair] = []
    started: dict[int, tuple[Case, Callable[[Misspelling], Case]]] = {}
    for number in range(rounds):
        for place, slot in enumerate(slots):
            kept = found[slot.name].kept
            if number >= len(kept):
                continue
            if budget and len(pairs) == budget:
                return pairs
            if place not in started:
                started[place] = source.case(slot, None), partial(source.case, slot)
            pair = Pair(slot.drug, kept[(number + slot.turn) % len(kept)], *started[place])
            if pair.case.id != pair.baseline.id:  # else the text has these capitals already
                pairs.append(pair)
    return pairs
