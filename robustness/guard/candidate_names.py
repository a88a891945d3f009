"""Which drug names a word may have been meant as: known names within two edits, and words of longer names.

"insulin glargin" has a name of two words in it; that the neighbours of a word agree with such a name is
what makes the word a candidate. For how probable a candidate is see `posterior`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from robustness.drugs import load_drugs, load_known_names, load_look_alikes
from robustness.drugs.known_names import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from robustness.drugs import KnownNames

REACH = 2
"""Farthest distance, in edits, of a name that may be meant."""
COMMON, BRAND = 8.0, 4.0
"""How many times commoner the generic names and the brands of `drugs.csv` are than other names."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name, or a word of a name, that a word may have been meant as."""

    key: str
    """What the word is compared with."""
    written: str
    """What a correction writes."""
    name: str
    """The whole name."""
    substances: frozenset[str]
    distance: int
    """Edits between the word and `key` (optimal string alignment)."""
    prior: float
    """How common the name is, in units of an uncommon one."""


class NameIndex:
    """Finds the candidates for a word.

    Args:
        known: All known names.
        priors: How common names are, by normalised name; 1 for those not in it.
    """

    def __init__(self, known: KnownNames, priors: dict[str, float]) -> None:
        self._known, self._priors = known, priors
        self._written = {normalise(name): name for name in known.names}
        self.keys = frozenset(self._written)
        self._with_word: dict[tuple[int, int, str], list[tuple[str, ...]]] = {}
        for name in known.names:
            words = tuple(name.split())
            for place, word in enumerate(words if len(words) > 1 else ()):
                self._with_word.setdefault((len(words), place, word), []).append(words)

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def prior(self, name: str) -> float:
        """How common a name is, in units of an uncommon one."""
        return self._priors.get(normalise(name), 1.0)

    def candidates(
        self, key: str, before: Sequence[str], after: Sequence[str]
    ) -> tuple[Candidate, ...]:
        """All names within reach of a word.

        Args:
            key: The word, normalised.
            before: Words in front of it, in lower case, the nearest last.
            after: Words behind it.
        """
        found = [self._whole(key, near) for near in self._known.near(key, REACH)]
        found += self._part_of_longer(key, before, after)
        return tuple(one for one in found if 0 < one.distance <= REACH)

    def _whole(self, key: str, near: str) -> Candidate:
        return self._candidate(key, near, self._written[near], self._written[near])

    def _candidate(self, key: str, word: str, written: str, name: str) -> Candidate:
        distance = OSA.distance(key, word, score_cutoff=REACH)
        return Candidate(
            word, written, name, self._known.substances(name), distance, self.prior(name)
        )

    def _part_of_longer(
        self, key: str, before: Sequence[str], after: Sequence[str]
    ) -> Iterator[Candidate]:
        around = [(-1, before[-1])] if before else []
        around += [(1, after[0])] if after else []
        for side, neighbour in around:
            for count in (2, 3):
                for place in range(count):
                    own = place - side
                    if 0 <= own < count:
                        for words in self._with_word.get((count, place, neighbour), ()):
                            if abs(len(words[own]) - len(key)) <= REACH:
                                word = normalise(words[own])
                                yield self._candidate(key, word, words[own], " ".join(words))


@cache
def load_index() -> NameIndex:
    """The index of all shipped names."""
    priors: dict[str, float] = {}
    for drug in load_drugs():
        priors |= {normalise(brand): BRAND for brand in drug.brands}
    priors |= {normalise(drug.name): COMMON for drug in load_drugs()}
    return NameIndex(load_known_names(), priors)


@cache
def load_look_alike_substances() -> frozenset[frozenset[str]]:
    """The listed look-alike pairs, as pairs of normalised names."""
    return frozenset(
        frozenset((normalise(pair.name), normalise(pair.lookalike))) for pair in load_look_alikes()
    )


def confusable(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two drugs, given by their substances, are a listed look-alike pair."""
    pairs = load_look_alike_substances()
    theirs = tuple(other)
    return any(frozenset((a, b)) in pairs for a in one for b in theirs)
