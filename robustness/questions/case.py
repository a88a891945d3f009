"""A case: one question about one drug, with the drug's name as it is written.

A pair is two cases that differ in the written name alone. A case's id is made from its question and its
leaflet, so it is the same on every machine, for every model and in every order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.models.protocol import Prompt

if TYPE_CHECKING:
    from robustness.drugs import Drug
    from robustness.questions.leaflet import Leaflet
    from robustness.questions.relation import Relation


@dataclass(frozen=True, slots=True)
class Case:
    """One question about one drug, with the name as written."""

    id: str
    """12 hex digits made from the question and the leaflet."""
    drug: str
    """Generic name of the drug that is meant."""
    relation: str
    """What is asked."""
    name: str
    """The drug's name as written in the question."""
    question: str
    leaflet: Leaflet
    options: tuple[str, ...] = ()
    """What to choose from; empty for a free answer."""

    @property
    def prompt(self) -> Prompt:
        """What a model is given."""
        return Prompt(self.question, self.leaflet.text, self.options)

    @property
    def gold(self) -> str:
        """The right answer, as the leaflet writes it."""
        return self.leaflet.answer


def make_case(drug: Drug, relation: Relation, phrasing: int, name: str, leaflet: Leaflet) -> Case:
    """The case that asks one phrasing of a relation with the drug's name written as `name`."""
    question = relation.questions[phrasing].format(drug=name)
    digest = hashlib.sha256(f"{question}\0{leaflet.text}".encode()).hexdigest()
    return Case(digest[:12], drug.name, relation.name, name, question, leaflet)
