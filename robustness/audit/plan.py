"""Plan an audit: which pairs are asked, in which order, under a budget.

Rounds go over every drug and relation; each round takes the next misspelling of the drug, shifted by the
relation, so that a small budget already covers all drugs and relations and many misspellings. The same
tables, drugs, budget and seed give the same plan, and a smaller budget gives a part of it.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import InputError
from robustness.misspellings import DEFAULT_CHANNELS, Collision, Misspelling, candidates
from robustness.questions import RELATIONS, Case, LeafletWriter, Relation, make_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """The same question with the correct and with a misspelled name."""

    drug: Drug
    misspelling: Misspelling
    baseline: Case
    case: Case

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001
        # Hypothesis prints a falsifying example so: one line is read, a whole leaflet is not.
        printer.text(repr(self))

    def __repr__(self) -> str:
        return f"<Pair {self.case.id}: {self.drug.name} written {self.misspelling.text}, {self.case.relation}>"


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


def make_plan(
    drugs: Sequence[Drug],
    *,
    seed: int,
    budget: int,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
) -> Plan:
    """Plan the pairs of an audit.

    Args:
        drugs: Drugs to audit; leaflets take their other drugs from the whole table.
        seed: Decides leaflets, phrasings and order.
        budget: Largest number of pairs; 0 for all there are.
        channels: Where misspellings come from, see `robustness.misspellings.candidates`.

    Raises:
        InputError: The budget is negative, a channel is unknown, or no drug has a misspelling that is not a collision.
    """
    if budget < 0:
        raise InputError(
            "Negative budget", value=budget, hint="Give a number of pairs, or 0 for all."
        )
    writer = LeafletWriter(load_drugs(), load_look_alikes())
    found = {drug.name: candidates(drug.name, channels) for drug in drugs}
    slots = [
        (drug, relation)
        for drug in drugs
        if found[drug.name].kept
        for relation in RELATIONS
        if relation.value(drug)
    ]
    random.Random(f"{seed}/order").shuffle(slots)
    rounds = max((len(found[drug.name].kept) for drug, _ in slots), default=0)
    pairs: list[Pair] = []
    for number in range(rounds):
        for drug, relation in slots:
            kept = found[drug.name].kept
            if number >= len(kept):
                continue
            if budget and len(pairs) == budget:
                break
            one = kept[(number + RELATIONS.index(relation)) % len(kept)]
            pairs.append(make_pair(drug, relation, one, seed=seed, writer=writer))
    if not pairs:
        raise InputError("Nothing to audit", hint="Name other drugs: robustness list drugs.")
    collisions = tuple(c for drug in drugs for c in found[drug.name].collisions)
    return Plan(
        pairs=tuple(pairs),
        collisions=collisions,
        drugs=tuple(drug.name for drug in drugs),
        channels=channels,
        seed=seed,
        budget=budget,
    )


def make_pair(
    drug: Drug, relation: Relation, misspelling: Misspelling, *, seed: int, writer: LeafletWriter
) -> Pair:
    """The pair of one drug, relation and misspelling; leaflet and phrasing follow from the seed.

    Raises:
        InputError: The drug has no such fact.
    """
    key = f"{seed}/{drug.name}/{relation.name}"
    leaflet = writer.write(drug, relation, key)
    if leaflet is None:
        raise InputError("The drug has no such fact", value=f"{drug.name}: {relation.name}")
    digest = hashlib.sha256(key.encode()).digest()
    phrasing = int.from_bytes(digest[:4], "big") % len(relation.questions)
    return Pair(
        drug=drug,
        misspelling=misspelling,
        baseline=make_case(drug, relation, phrasing, drug.name, leaflet),
        case=make_case(drug, relation, phrasing, misspelling.text, leaflet),
    )
