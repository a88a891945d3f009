"""Closed-book questions with options, for models that choose: what does the model itself know of a drug?

Asked are the indication and the class: of the seven relations these two are general knowledge that a
language model may have met; brands, dosage forms and groups differ by country, and nearly every drug is
taken by mouth. There are four options, the right one and three values of other drugs. A value that some
drug of the same class has is never a wrong option, because it may be true of this drug as well (lisinopril
also treats heart failure); the table holds one indication a drug, so that now and then one may be true all
the same. One wrong option is taken from a near name, a look-alike where there is one:
choosing it is that other drug's answer. The other two belong to no name in particular, and are just wrong.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError
from robustness.questions.case import make_case
from robustness.questions.leaflet import Fact, Leaflet
from robustness.questions.neighbours import near_names
from robustness.questions.relation import distinct, relation_named
from robustness.questions.source import no_drug, phrasing_of, relation_slots, slot_seed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.drugs import Drug, LookAlike
    from robustness.misspellings import Misspelling
    from robustness.questions.case import Case
    from robustness.questions.relation import Relation
    from robustness.questions.source import Slot

ASKED = (relation_named("indication"), relation_named("class"))
WRONG_OPTIONS = 3
LONG_WORD = 5
"""Letters of a word that says what an indication is about."""


class ClosedBookSource:
    """Questions with options and without a leaflet.

    Args:
        seed: Decides options, their order and phrasings.
        drugs: Whose values become wrong options.
        look_alikes: Pairs whose values are put next to one another.
    """

    kind = "closed_book"

    def __init__(self, seed: int, drugs: Sequence[Drug], look_alikes: Sequence[LookAlike]) -> None:
        self._seed, self._drugs = seed, tuple(drugs)
        self._neighbours = near_names(self._drugs, look_alikes)
        self._written: dict[tuple[str, str], tuple[Leaflet, int, tuple[str, ...]]] = {}

    @property
    def record(self) -> dict[str, Any]:
        """Options are drawn again from the seed."""
        return {"kind": self.kind}

    @property
    def skipped_rows(self) -> Sequence[dict[str, Any]]:
        """There are no rows."""
        return ()

    @property
    def relations(self) -> Sequence[Relation]:
        """Indication and class."""
        return ASKED

    def slots(self, drugs: Sequence[Drug] | None) -> list[Slot]:
        """Indication and class of every drug that has them."""
        return relation_slots(self._drugs if drugs is None else drugs, ASKED)

    def case(self, slot: Slot, misspelling: Misspelling | None) -> Case:
        """The case of a slot: the same options in the same order, however the name is written."""
        relation = relation_named(slot.relation)
        book, phrasing, options = self._asked(slot.drug, relation)
        name = slot.name if misspelling is None else misspelling.text
        return make_case(slot.drug, relation, phrasing, name, book, options=options)

    def both(self, first: Drug, second: Drug, relation: Relation) -> tuple[Case, Case] | None:
        """The same question about each of two drugs, with the same options, both right answers among them.

        Drugs of one class have no such question: what one treats, the other may treat as well.
        """
        values = relation.value(first), relation.value(second)
        kin = bool(first.drug_class) and first.drug_class == second.drug_class
        if not all(values) or kin or not _apart(*values, relation):
            return None
        rng = random.Random(
            f"{slot_seed(self._seed, f'{first.name}/{second.name}', relation.name)}/options"
        )
        rest = self._any(
            rng, relation, (first, second), taken=values, limit=WRONG_OPTIONS + 1 - len(values)
        )
        options = [*values, *rest.values()]
        rng.shuffle(options)
        facts = tuple(
            Fact(drug.name, relation.name, value)
            for drug, value in zip((first, second), values, strict=True)
        )
        phrasing = phrasing_of(self._seed, first, relation)
        asked, other = (
            make_case(
                drug,
                relation,
                phrasing,
                drug.name,
                Leaflet("", facts, -1, value),
                options=tuple(options),
            )
            for drug, value in zip((first, second), values, strict=True)
        )
        return asked, other

    def unanswerable(self, name: str, relation: Relation) -> Case:
        """A question about a name that no drug has; every option is a value of some drug."""
        rng = random.Random(f"{slot_seed(self._seed, name, relation.name)}/options")
        found = self._any(rng, relation, (), taken=(), limit=WRONG_OPTIONS + 1)
        facts = tuple(Fact(drug, relation.name, value) for drug, value in found.items())
        nobody = no_drug(name)
        phrasing = phrasing_of(self._seed, nobody, relation)
        book = Leaflet("", facts, -1, "")
        return make_case(nobody, relation, phrasing, name, book, options=tuple(found.values()))

    def _any(
        self,
        rng: random.Random,
        relation: Relation,
        about: Sequence[Drug],
        *,
        taken: Sequence[str],
        limit: int,
    ) -> dict[str, str]:
        """Values of drugs drawn at random that are wrong about these drugs, by drug."""
        pool = list(self._drugs)
        rng.shuffle(pool)
        classes = {drug.drug_class for drug in about if drug.drug_class}
        kin = [relation.value(one) for one in pool if one.drug_class in classes]
        return _admissible(pool, relation, [*taken, *filter(None, kin)], limit=limit)

    def _asked(self, drug: Drug, relation: Relation) -> tuple[Leaflet, int, tuple[str, ...]]:
        """The facts, the phrasing and the options of a slot."""
        key = (drug.name, relation.name)
        if key not in self._written:
            facts, options = self._options(drug, relation)
            value = relation.value(drug)
            book = Leaflet("", (Fact(drug.name, relation.name, value), *facts), -1, value)
            self._written[key] = book, phrasing_of(self._seed, drug, relation), options
        return self._written[key]

    def _options(self, drug: Drug, relation: Relation) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
        """The fact of the near name, where there is one, and all options in their order."""
        rng = random.Random(f"{slot_seed(self._seed, drug.name, relation.name)}/options")
        pool = list(self._drugs)
        rng.shuffle(pool)
        kin = [one for one in pool if one.drug_class and one.drug_class == drug.drug_class]
        taken = [relation.value(one) for one in (drug, *kin) if relation.value(one)]
        first = _admissible(self._neighbours.get(drug.name, ()), relation, taken, limit=1)
        rest = _admissible(
            pool, relation, [*taken, *first.values()], limit=WRONG_OPTIONS - len(first)
        )
        options = [relation.value(drug), *first.values(), *rest.values()]
        if len(options) <= WRONG_OPTIONS:
            raise InputError(
                "Too few drugs to make wrong options", value=drug.name, hint="Use the whole table."
            )
        rng.shuffle(options)
        facts = tuple(Fact(name, relation.name, value) for name, value in first.items())
        return facts, tuple(options)


def _admissible(
    drugs: Iterable[Drug], relation: Relation, taken: Sequence[str], *, limit: int
) -> dict[str, str]:
    """The values of the first drugs that cannot be confused with what is taken, by drug."""
    found: dict[str, str] = {}
    for one in drugs:
        if len(found) == limit:
            break
        value = relation.value(one)
        if value and all(_apart(value, other, relation) for other in (*taken, *found.values())):
            found[one.name] = value
    return found


def _apart(a: str, b: str, relation: Relation) -> bool:
    """Whether two values differ for certain; two indications must not share a long word (ulcer, diabetes)."""
    if relation.name == "indication" and _long_words(a) & _long_words(b):
        return False
    return distinct(a, b)


def _long_words(value: str) -> set[str]:
    return {word for word in value.lower().split() if len(word) >= LONG_WORD}
