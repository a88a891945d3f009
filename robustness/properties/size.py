"""How plain a misspelling is: the order in which counterexamples are shown and shrunk.

Fewest edits, then the plainest operator, then the spelling that most people typed, then the drug whose
misspellings stand in the most adverse-event reports.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from robustness.drugs import load_drugs
from robustness.misspellings import load_observed
from robustness.properties.trial import Size

if TYPE_CHECKING:
    from robustness.misspellings import Misspelling

PLAINNESS = ("deletion", "transposition", "doubling", "substitution", "insertion")
"""Operators, the plainest first: a letter less, the same letters, a letter more of those there, another one."""


def size_of(misspelling: Misspelling) -> Size:
    """The place of a misspelling among all."""
    kinds = misspelling.operator.split("+")
    plainness = max(PLAINNESS.index(k) if k in PLAINNESS else len(PLAINNESS) for k in kinds)
    rarity = (
        -float(misspelling.reports) if misspelling.reports else 1 - (misspelling.probability or 0.0)
    )
    place = commonness().get(misspelling.intended, len(commonness()))
    return Size(misspelling.distance, plainness, rarity, place, misspelling.text)


@cache
def commonness() -> dict[str, int]:
    """The place of each drug in the order of reports of its misspellings, the commonest first."""
    reports = {name: sum(one.reports for one in group) for name, group in load_observed().items()}
    ordered = sorted(load_drugs(), key=lambda drug: (-reports.get(drug.name, 0), drug.name))
    return {drug.name: place for place, drug in enumerate(ordered)}
