"""Where cases come from, behind one interface: embedded leaflets, closed-book choices, a user's file.

A source lists slots, questions about a drug that wait for the way its name is written, and writes the
case of a slot for any misspelling. What a slot asks follows from the seed, the drug and the relation (or
from the row of a file) alone: other slots, their order and the budget do not matter.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from robustness.drugs import Drug
from robustness.questions.case import make_case
from robustness.questions.relation import RELATIONS, relation_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings import Misspelling
    from robustness.questions.case import Case
    from robustness.questions.leaflet import Leaflet, LeafletWriter
    from robustness.questions.relation import Relation


@dataclass(frozen=True, slots=True)
class Slot:
    """A question about one drug that waits for the way its name is written."""

    drug: Drug
    relation: str
    """What is asked; results slice by it."""
    name: str
    """The name that is misspelled, in lower case: the generic name, or a brand that a question uses."""
    turn: int
    """With which of the name's misspellings this slot begins, so that slots of one drug differ."""
    row: int = -1
    """Which row of a file it is; -1 where there is no file."""


class Source(Protocol):
    """Cases of one origin."""

    @property
    def record(self) -> dict[str, Any]:
        """What ``data.source`` of the results says: ``kind``, and what is needed to find it again."""

    @property
    def skipped_rows(self) -> Sequence[dict[str, Any]]:
        """Rows that make no case: file, row and reason of each."""

    def slots(self, drugs: Sequence[Drug] | None) -> list[Slot]:
        """The questions about these drugs, in a fixed order; None for every drug there is."""

    def case(self, slot: Slot, misspelling: Misspelling | None) -> Case:
        """The case of a slot, with the name misspelled or, for None, correct."""


class EmbeddedSource(Source, Protocol):
    """Cases from the embedded tables, which can also ask about two drugs alike and about drugs that do not exist."""

    @property
    def relations(self) -> Sequence[Relation]:
        """What is asked."""

    def both(self, first: Drug, second: Drug, relation: Relation) -> tuple[Case, Case] | None:
        """The same question about each of two drugs, where what they can be answered with is the same.

        Returns:
            The cases, whose right answers differ for certain; None where there are no such answers.
        """

    def unanswerable(self, name: str, relation: Relation) -> Case:
        """A question about a name that no drug has; the right answer is none, so `Case.gold` is empty."""


class LeafletSource:
    """Questions over leaflets that name several drugs: for models that read.

    Args:
        seed: Decides leaflets and phrasings.
        writer: Writes the leaflets.
    """

    kind = "leaflets"

    def __init__(self, seed: int, writer: LeafletWriter) -> None:
        self._seed, self._writer = seed, writer
        self._written: dict[tuple[str, str], tuple[Leaflet, int]] = {}

    @property
    def record(self) -> dict[str, Any]:
        """Leaflets are written again from the seed."""
        return {"kind": self.kind}

    @property
    def skipped_rows(self) -> Sequence[dict[str, Any]]:
        """There are no rows."""
        return ()

    @property
    def relations(self) -> Sequence[Relation]:
        """All of them."""
        return RELATIONS

    def slots(self, drugs: Sequence[Drug] | None) -> list[Slot]:
        """Every relation that a drug has a fact of."""
        asked = self._writer.drugs if drugs is None else drugs
        return relation_slots(asked, RELATIONS)

    def case(self, slot: Slot, misspelling: Misspelling | None) -> Case:
        """The case of a slot; the leaflet spells every name correctly."""
        relation = relation_named(slot.relation)
        leaflet, phrasing = self._asked(slot.drug, relation)
        name = slot.name if misspelling is None else misspelling.text
        return make_case(slot.drug, relation, phrasing, name, leaflet)

    def both(self, first: Drug, second: Drug, relation: Relation) -> tuple[Case, Case] | None:
        """The same question about each of two drugs, over one leaflet that states both facts."""
        seed = slot_seed(self._seed, f"{first.name}/{second.name}", relation.name)
        leaflets = self._writer.write_both(first, second, relation, seed)
        if leaflets is None:
            return None
        phrasing = phrasing_of(self._seed, first, relation)
        asked, other = (
            make_case(drug, relation, phrasing, drug.name, leaflet)
            for drug, leaflet in zip((first, second), leaflets, strict=True)
        )
        return asked, other

    def unanswerable(self, name: str, relation: Relation) -> Case:
        """A question about a name that the leaflet does not hold; it states such facts of other drugs."""
        seed = slot_seed(self._seed, name, relation.name)
        able = [drug for drug in self._writer.drugs if relation.value(drug)]
        leaflet = self._writer.write(random.Random(seed).choice(able), relation, seed)
        assert leaflet is not None, "it is written for a drug that has the fact"
        nobody = no_drug(name)
        phrasing = phrasing_of(self._seed, nobody, relation)
        silent = replace(leaflet, answer="", answer_start=-1)
        return make_case(nobody, relation, phrasing, name, silent)

    def _asked(self, drug: Drug, relation: Relation) -> tuple[Leaflet, int]:
        """The leaflet and the phrasing of a slot."""
        key = (drug.name, relation.name)
        if key not in self._written:
            leaflet = self._writer.write(drug, relation, slot_seed(self._seed, *key))
            assert leaflet is not None, "slots are listed for drugs that have the fact"
            self._written[key] = leaflet, phrasing_of(self._seed, drug, relation)
        return self._written[key]


def no_drug(name: str) -> Drug:
    """A drug that does not exist: a name without any fact."""
    return Drug(name, (), "", "", "", "", "", "none")


def relation_slots(drugs: Sequence[Drug], relations: Sequence[Relation]) -> list[Slot]:
    """A slot for each drug and each of the relations that it has a fact of."""
    return [
        Slot(drug, relation.name, drug.name, RELATIONS.index(relation))
        for drug in drugs
        for relation in relations
        if relation.value(drug)
    ]


def phrasing_of(seed: int, drug: Drug, relation: Relation) -> int:
    """Which of its phrasings a relation is asked in about a drug."""
    digest = hashlib.sha256(slot_seed(seed, drug.name, relation.name).encode()).digest()
    return int.from_bytes(digest[:4], "big") % len(relation.questions)


def slot_seed(seed: int, drug: str, relation: str) -> str:
    """All that the randomness of a slot depends on.

    >>> slot_seed(0, "metformin", "route")
    '0/metformin/route'
    """
    return f"{seed}/{drug}/{relation}"
