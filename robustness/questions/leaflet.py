"""Write leaflets: short texts that state facts about several drugs, look-alikes among them.

A leaflet is made so that its question has one answer: the drug asked about states the fact, at least
two others (where the pool allows) state the same kind of fact with another value, and none with the
same one. The same seed, drug and relation always give the same leaflet; other drugs do not matter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from robustness.questions.relation import RELATIONS, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug, LookAlike

_NEIGHBOURS = 8
_SMALLEST, _LARGEST = 3, 6


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
        self._neighbours = _near_names(self.drugs, look_alikes)

    def write(self, drug: Drug, relation: Relation, seed: str) -> Leaflet | None:
        """A leaflet that answers the question about this drug.

        Args:
            drug: The drug asked about; it need not be in the pool.
            relation: What is asked.
            seed: Everything that the leaflet is drawn from; any text.

        Returns:
            The leaflet, or None when the drug has no such fact.
        """
        value = relation.value(drug)
        if not value:
            return None
        rng = random.Random(seed)
        others = self._companions(drug, relation, rng)
        facts = {drug: [relation, _another(drug, relation, rng)]}
        asked = 0
        for other in others:
            differs = _distinct(value, relation.value(other))
            if differs and (asked < 2 or rng.random() < 0.5):
                facts[other] = [relation, _another(other, relation, rng)]
                asked += 1
            else:
                facts[other] = [_another(other, relation, rng), None]
        return _assemble(drug, relation, facts, rng)

    def _companions(self, drug: Drug, relation: Relation, rng: random.Random) -> list[Drug]:
        count = rng.randint(_SMALLEST, _LARGEST) - 1
        near = self._neighbours.get(drug.name) or ()
        chosen = rng.sample(near, k=min(len(near), rng.choice((1, 1, 2))))
        taken = {drug.name} | {other.name for other in chosen}
        value = relation.value(drug)
        pool = [other for other in self.drugs if other.name not in taken]
        rng.shuffle(pool)
        differing = [other for other in pool if _distinct(value, relation.value(other))]
        for other in (*differing[:2], *pool):
            if len(chosen) < count and other not in chosen:
                chosen.append(other)
        return chosen


def _another(drug: Drug, asked: Relation, rng: random.Random) -> Relation | None:
    rest = [relation for relation in RELATIONS if relation is not asked and relation.value(drug)]
    return rng.choice(rest) if rest else None


def _assemble(
    drug: Drug,
    relation: Relation,
    facts: dict[Drug, list[Relation | None]],
    rng: random.Random,
) -> Leaflet:
    order = list(facts)
    rng.shuffle(order)
    text, stated, start = "", [], -1
    for each in order:
        stating = [one for one in facts[each] if one is not None]
        rng.shuffle(stating)
        for one in stating:
            value = one.value(each)
            before, after = rng.choice(one.sentences).format(drug=each.name, value="\0").split("\0")
            before = before[0].upper() + before[1:]
            if each is drug and one is relation:
                start = len(text) + len(before)
            text += before + value + after + " "
            stated.append(Fact(each.name, one.name, value))
    return Leaflet(text.rstrip(), tuple(stated), start, relation.value(drug))


def _distinct(a: str, b: str) -> bool:
    """Whether two values cannot be taken for one another: neither's words hold all of the other's."""
    if not b:
        return False
    words_a, words_b = set(a.lower().split()), set(b.lower().split())
    return not (words_a <= words_b or words_b <= words_a)


def _near_names(
    drugs: Sequence[Drug], look_alikes: Sequence[LookAlike]
) -> dict[str, tuple[Drug, ...]]:
    by_name = {drug.name: drug for drug in drugs}
    names = list(by_name)
    if len(names) < 2:
        return {}
    similarity = process.cdist(names, names, scorer=OSA.normalized_similarity)
    near: dict[str, dict[str, None]] = {
        name: {names[i]: None for i in np.argsort(-similarity[row], kind="stable") if i != row}
        for row, name in enumerate(names)
    }
    listed: dict[str, list[str]] = {}
    for pair in look_alikes:
        listed.setdefault(pair.name, []).append(pair.lookalike)
        listed.setdefault(pair.lookalike, []).append(pair.name)
    return {
        name: tuple(
            by_name[other]
            for other in dict.fromkeys((*listed.get(name, ()), *ranked))
            if other in by_name
        )[:_NEIGHBOURS]
        for name, ranked in near.items()
    }
