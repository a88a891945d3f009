"""Cross-validation of the noisy channel: does it foresee what people typed of drugs it never saw?

Folds are by substance, so that no name of a held-out drug, generic or brand, was learned from. Recall
counts misspellings, not reports: each distinct one that people typed is found or not among the first that
a generator gives. Collisions count as not found, because no generator here may give them.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.misspellings.noisy_channel.fitting import fit
from robustness.misspellings.noisy_channel.ranking import rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from robustness.misspellings.misspelling import Misspelling
    from robustness.misspellings.noisy_channel.channel_model import NoisyChannel

    Observed = Mapping[str, Sequence[Misspelling]]

FOLDS = 5
LIMITS = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Recall:
    """How many observed misspellings a generator finds."""

    one_edit: dict[int, float]
    """Share of those with one edit, by how many the generator may give for a name."""
    all_edits: dict[int, float]
    """Share of those with one edit and of those with two."""
    counts: tuple[int, int]
    """How many have one edit, and how many there are."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Misspellings of about the same probability."""

    probability: float
    """Mean over them."""
    expected: float
    """How many of them should be among those that people typed."""
    typed: int
    """How many are."""
    n: int


def fold_of(name: str) -> int:
    """The fold, 0 to 4, of a name: that of its substance, by digest."""
    substances = load_known_names().substances(name)
    key = min(substances) if substances else name
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS


def folds(observed: Observed) -> Iterator[tuple[Observed, Observed]]:
    """What to learn from and what to hold out, fold by fold."""
    for fold in range(FOLDS):
        apart = {name: group for name, group in observed.items() if fold_of(name) == fold}
        yield {name: observed[name] for name in observed if name not in apart}, apart


def recall(observed: Observed, generate: Callable[[str], Sequence[str]]) -> Recall:
    """How much of what was observed a generator finds.

    Args:
        observed: Misspellings by intended name.
        generate: Gives the misspellings of a name, the best first.
    """
    return _recall(_ranks(observed, generate))


def held_out(observed: Observed) -> Iterator[tuple[NoisyChannel, Observed]]:
    """For each fold, a channel that was fitted to the others, and the fold."""
    for learned, apart in folds(observed):
        yield fit(learned, load_known_names().names), apart


def cross_validate(observed: Observed) -> Recall:
    """Recall of the noisy channel, each fold with a channel that was fitted to the others."""
    ranks: Counter[tuple[int, int]] = Counter()
    for channel, apart in held_out(observed):
        ranks += _ranks(apart, partial(_ranked, channel))
    return _recall(ranks)


def reliability(observed: Observed) -> tuple[Bin, ...]:
    """Whether misspellings come as often as the channel says, by cross-validation.

    A misspelling of probability p is expected among n distinct ones that people typed with 1 - (1 - p)**n.
    Bins are half a power of ten of the probability wide.
    """
    found: dict[int, list[tuple[float, float, bool]]] = {}
    for channel, apart in held_out(observed):
        for name, group in apart.items():
            typed = {one.text for one in group}
            for one in rank(name, 1_000_000, channel=channel):
                p = one.probability or 0.0
                expected = 1 - (1 - p) ** len(typed)
                place = (p, expected, one.text in typed)
                found.setdefault(math.floor(2 * math.log10(p)), []).append(place)
    return tuple(
        Bin(
            probability=sum(p for p, _, _ in places) / len(places),
            expected=sum(expected for _, expected, _ in places),
            typed=sum(hit for _, _, hit in places),
            n=len(places),
        )
        for _, places in sorted(found.items())
    )


def _ranked(channel: NoisyChannel, name: str) -> list[str]:
    return [one.text for one in rank(name, max(LIMITS), channel=channel)]


def _ranks(
    observed: Observed, generate: Callable[[str], Sequence[str]]
) -> Counter[tuple[int, int]]:
    """How often each distance and rank occurs; a rank of -1 is not found."""
    ranks: Counter[tuple[int, int]] = Counter()
    for name, group in observed.items():
        places = {text: place for place, text in reversed(list(enumerate(generate(name))))}
        ranks.update((one.distance, places.get(one.text, -1)) for one in group)
    return ranks


def _recall(ranks: Counter[tuple[int, int]]) -> Recall:
    def share(limit: int, distances: tuple[int, ...]) -> float:
        of = sum(n for (distance, _), n in ranks.items() if distance in distances)
        found = sum(
            n for (distance, k), n in ranks.items() if distance in distances and 0 <= k < limit
        )
        return found / of if of else 0.0

    one = sum(n for (distance, _), n in ranks.items() if distance == 1)
    return Recall(
        {limit: share(limit, (1,)) for limit in LIMITS},
        {limit: share(limit, (1, 2)) for limit in LIMITS},
        (one, ranks.total()),
    )
