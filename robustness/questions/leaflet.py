"""Write leaflets: short texts that state facts about several drugs, look-alikes among them.

A leaflet is made so that its question has one answer: the drug asked about states the fact, at least
two others (where the pool allows) state the same kind of fact with another value, and none with the
same one. The same seed, drug and relation always give the same leaflet; other drugs do not matter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from robustness.questions.neighbours import near_names
from robustness.questions.relation import RELATIONS, Relation, distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug, LookAlike

_SMALLEST, _LARGEST = 3, 6
_RIVALS = 2
"""How many other drugs at least state the fact that is asked about, with another value."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as a leaflet states it."""

    drug: str
    relation: str
    value: str


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A text about several drugs, and the facts that it states."""

    text: str
    facts: tuple[Fact, ...]
    answer_start: int
    """Character offset of the answer in `text`."""
    answer: str
    """The value of the fact asked about, as written in `text`."""


class LeafletWriter:
    """Writes leaflets from a pool of drugs.

    Args:
        drugs: The pool. Leaflets of one pool never mention a drug of another.
        look_alikes: Pairs that are put into each other's leaflets.
    """

    def __init__(self, drugs: Sequence[Drug], look_alikes: Sequence[LookAlike]) -> None:
        self.drugs = tuple(drugs)
        self._neighbours = near_names(self.drugs, look_alikes)

    def write(
        self, drug: Drug, relation: Relation, seed: str, *, short: bool = False
    ) -> Leaflet | None:
        """A leaflet that answers the question about this drug.

        Args:
            drug: The drug asked about; it need not be in the pool.
            relation: What is asked.
            seed: Everything that the leaflet is drawn from; any text.
            short: As few drugs and facts as there may be.

        Returns:
            The leaflet, or None when the drug has no such fact.
        """
        value = relation.value(drug)
        if not value:
            return None
        rng = random.Random(seed)
        more = 0 if short else 1
        companions = self._companions(drug, relation, rng, _SMALLEST if short else _LARGEST)
        facts = {drug: [relation, *_others(drug, relation, rng, count=more)]}
        asked = 0
        for other in companions:
            differs = distinct(value, relation.value(other))
            if differs and (asked < _RIVALS or rng.random() < 0.5):
                facts[other] = [relation, *_others(other, relation, rng, count=more)]
                asked += 1
            else:
                facts[other] = _others(other, relation, rng, count=1 + more)
        return _assemble(drug, relation, facts, rng)

    def write_both(
        self, first: Drug, second: Drug, relation: Relation, seed: str
    ) -> tuple[Leaflet, Leaflet] | None:
        """One leaflet that answers the question about each of two drugs, with different values.

        Args:
            first: One of the drugs; they need not be in the pool.
            second: The other one.
            relation: What is asked about both.
            seed: Everything that the leaflet is drawn from; any text.

        Returns:
            The same text twice, with the answer about the first and about the second drug; None when a drug
            has no such fact, or their values could be taken for one another.
        """
        values = relation.value(first), relation.value(second)
        if not values[0] or not distinct(*values):
            return None
        rng = random.Random(seed)
        others = [
            one
            for one in self.drugs
            if one not in (first, second)
            and all(distinct(value, relation.value(one)) for value in values)
        ]
        companions = rng.sample(others, k=min(len(others), rng.choice((1, 2))))
        facts = {
            one: [relation, *_others(one, relation, rng, count=1)]
            for one in (first, second, *companions)
        }
        state = rng.getstate()
        leaflets = []
        for drug in (first, second):
            rng.setstate(state)
            leaflets.append(_assemble(drug, relation, facts, rng))
        return leaflets[0], leaflets[1]

    def _companions(
        self, drug: Drug, relation: Relation, rng: random.Random, largest: int
    ) -> list[Drug]:
        """The other drugs: one or two near names, enough that answer differently, then any."""
        near = self._neighbours.get(drug.name, ())
        chosen = rng.sample(near, k=min(len(near), rng.choice((1, 1, 2))))
        value = relation.value(drug)
        rivals = sum(distinct(value, relation.value(other)) for other in chosen)
        needed = max(0, _RIVALS - rivals)
        size = max(rng.randint(_SMALLEST, largest) - 1, len(chosen) + needed)
        taken = {drug.name, *(other.name for other in chosen)}
        pool = [other for other in self.drugs if other.name not in taken]
        rng.shuffle(pool)
        able = (other for other in pool if distinct(value, relation.value(other)))
        differing = list(islice(able, needed))
        first = {other.name for other in differing}
        rest = [other for other in pool[: size + needed] if other.name not in first]
        return [*chosen, *differing, *rest][:size]


def _others(drug: Drug, asked: Relation, rng: random.Random, *, count: int) -> list[Relation]:
    able = [relation for relation in RELATIONS if relation is not asked and relation.value(drug)]
    return rng.sample(able, k=min(count, len(able)))


def _assemble(
    drug: Drug,
    relation: Relation,
    facts: dict[Drug, list[Relation]],
    rng: random.Random,
) -> Leaflet:
    order = list(facts)
    rng.shuffle(order)
    text, stated, start = "", [], -1
    for each in order:
        for one in rng.sample(facts[each], k=len(facts[each])):
            value = one.value(each)
            before, after = rng.choice(one.sentences).format(drug=each.name, value="\0").split("\0")
            before = before[0].upper() + before[1:]
            if each is drug and one is relation:
                start = len(text) + len(before)
            text += before + value + after + " "
            stated.append(Fact(each.name, one.name, value))
    return Leaflet(text.rstrip(), tuple(stated), start, relation.value(drug))
