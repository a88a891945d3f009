"""Cases that no misspelling makes: two real drugs that must be told apart, and drugs that do not exist.

*Must-differ*: two drugs whose names are confused, both written correctly, are asked the same question over
the same leaflet or options; their right answers differ. The pairs are listed look-alikes, and collisions:
misspellings of one drug that are as near to another, which show what is confused but cannot be asked.
*Abstain*: a question about an invented name; there is no right answer but none. This module writes cases;
for what answers to them show see `robustness.results.must_differ` and `robustness.results.invented_cases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from random import Random
from typing import TYPE_CHECKING, Literal

from robustness.drugs import invented_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from robustness.drugs import Drug, LookAlike
    from robustness.misspellings import Collision
    from robustness.questions.case import Case
    from robustness.questions.source import EmbeddedSource

Origin = Literal["look-alike", "collision"]
MOST_COLLISIONS = 150
"""Largest number of must-differ cases that come from collisions."""


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two drugs whose names are confused."""

    first: Drug
    second: Drug
    origin: Origin
    """How it is known that they are."""
    written: str = ""
    """The collision: a misspelling of the first that is as near to the second; empty for look-alikes."""


@dataclass(frozen=True, slots=True)
class Differing:
    """The same question about both drugs of a pair; the right answers differ."""

    names: NamePair
    cases: tuple[Case, Case]
    """About the first and the second drug."""


def name_pairs(
    drugs: Sequence[Drug],
    look_alikes: Iterable[LookAlike],
    collisions: Iterable[Collision],
    *,
    about: Collection[str],
) -> list[NamePair]:
    """The pairs of drugs whose names are confused, each once, look-alikes first.

    Args:
        drugs: The drugs that there are facts of; pairs with another name are left out.
        look_alikes: Listed pairs.
        collisions: Misspellings that may mean another drug. A brand that collides says nothing about
            generic names and is left out.
        about: One drug of a pair must be among these.
    """
    by_name = {drug.name: drug for drug in drugs}
    listed: list[tuple[str, str, Origin, str]] = [
        (pair.name, pair.lookalike, "look-alike", "") for pair in look_alikes
    ]
    listed += [(one.intended, one.other.lower(), "collision", one.text) for one in collisions]
    found: dict[frozenset[str], NamePair] = {}
    for first, second, origin, written in listed:
        names = frozenset((first, second))
        if len(names) == 2 and names <= by_name.keys() and not names.isdisjoint(about):
            pair = NamePair(by_name[first], by_name[second], origin, written)
            found.setdefault(names, pair)
    return list(found.values())


def differing_cases(
    source: EmbeddedSource, pairs: Sequence[NamePair], *, seed: int, limit: int
) -> list[Differing]:
    """Must-differ cases: for every pair of names each question whose answers differ, as far as the limit goes.

    Look-alikes come before collisions, and the first question of every pair before any second one. Fewer
    cases of one seed are the first ones of more.

    Args:
        source: Writes the cases.
        pairs: Whose names are confused.
        seed: Decides which question comes first.
        limit: Largest number; two prompts each.
    """
    found: list[Differing] = []
    for origin, most in (("look-alike", limit), ("collision", MOST_COLLISIONS)):
        rows = [_of_pair(source, pair, seed) for pair in pairs if pair.origin == origin]
        columns = (each for column in zip_longest(*rows) for each in column if each is not None)
        found += list(columns)[:most]
    return found[:limit]


def invented_cases(source: EmbeddedSource, *, seed: int, count: int) -> list[Case]:
    """Abstain cases: one question each about names that no drug has.

    Args:
        source: Writes the cases.
        seed: Decides the names.
        count: How many; fewer cases of one seed are the first ones of more.
    """
    relations = source.relations
    return [
        source.unanswerable(name, relations[number % len(relations)])
        for number, name in enumerate(invented_names(count, seed))
    ]


def _of_pair(source: EmbeddedSource, pair: NamePair, seed: int) -> list[Differing]:
    relations = list(source.relations)
    Random(f"{seed}/{pair.first.name}/{pair.second.name}/differing").shuffle(relations)
    cases = [source.both(pair.first, pair.second, relation) for relation in relations]
    return [Differing(pair, both) for both in cases if both is not None]
