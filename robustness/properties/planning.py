"""Which questions the trials of a property are about.

Slots (a drug and a relation) come in rounds: every drug once, in an order that the seed decides, then every
drug with its next relation. All properties begin with the same slots, so they share the questions with the
correct name, and a small budget already covers many drugs.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, zip_longest
from random import Random
from typing import TYPE_CHECKING

from robustness.questions.loading import embedded_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robustness.drugs import Drug
    from robustness.properties.trial import Request, Trial
    from robustness.questions import Slot, Source
    from robustness.questions.source import EmbeddedSource


@lru_cache(maxsize=8)
def source_for(seed: int, kind: str) -> EmbeddedSource:
    """The questions that a kind of model is asked; written once a process."""
    return embedded_source(seed, kind=kind)


def slots_in_rounds(source: Source, drugs: tuple[Drug, ...] | None, seed: int) -> Iterator[Slot]:
    """All slots, round by round."""
    by_drug: dict[str, list[Slot]] = {}
    for slot in source.slots(drugs):
        by_drug.setdefault(slot.drug.name, []).append(slot)
    names = sorted(by_drug)
    Random(f"{seed}/properties").shuffle(names)
    for name in names:
        Random(f"{seed}/properties/{name}").shuffle(by_drug[name])
    for turn in zip_longest(*(by_drug[name] for name in names)):
        yield from (slot for slot in turn if slot is not None)


def collect(
    request: Request, make: Callable[[Source, Slot], Iterator[Trial]], *, per_slot: int = 1
) -> list[Trial]:
    """Trials of slots, up to the budget and each once.

    Args:
        request: What is asked for.
        make: The trials of a slot; it may have none.
        per_slot: How many of them are taken at most.
    """
    source = source_for(request.seed, request.kind)
    found: dict[str, Trial] = {}
    for slot in slots_in_rounds(source, request.drugs, request.seed):
        for trial in islice(make(source, slot), per_slot):
            found.setdefault(trial.id, trial)
            if len(found) == request.budget:
                return list(found.values())
    return list(found.values())
