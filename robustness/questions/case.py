"""A case: one question about one drug, with the drug's name as it is written.

A pair is two cases that differ in the written name alone. A case's id is made from its question, its
leaflet and its options, so it is the same on every machine, for every model and in every order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.questions.prompt import Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug
    from robustness.questions.leaflet import Leaflet
    from robustness.questions.relation import Relation


@dataclass(frozen=True, slots=True)
class Case:
    """One question about one drug, with the name as written."""

    id: str
    """12 hex digits made from the question, the leaflet and the options."""
    drug: str
    """Generic name of the drug that is meant."""
    relation: str
    """What is asked."""
    name: str
    """The drug's name as written in the question."""
    question: str
    leaflet: Leaflet
    """What the model reads, and which facts are known; its text is empty for a closed book."""
    options: tuple[str, ...] = ()
    """What to choose from; empty for a free answer."""
    also_right: tuple[str, ...] = ()
    """Other wordings of the right answer."""

    @property
    def prompt(self) -> Prompt:
        """What a model is given."""
        return Prompt(self.question, self.leaflet.text, self.options)

    @property
    def gold(self) -> str:
        """The right answer, as the leaflet writes it."""
        return self.leaflet.answer


def case_id(question: str, context: str, options: Sequence[str] = ()) -> str:
    """The id of what is asked: 12 hex digits, equal for equal prompts alone.

    >>> case_id("What is metformin for?", "")
    '1d32be6eb4ec'
    """
    asked = f"{question}\0{context}"
    if options:
        asked += f"\0{json.dumps(list(options), ensure_ascii=True)}"
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def make_case(
    drug: Drug,
    relation: Relation,
    phrasing: int,
    name: str,
    leaflet: Leaflet,
    *,
    options: tuple[str, ...] = (),
) -> Case:
    """The case that asks one phrasing of a relation with the drug's name written as `name`."""
    question = relation.questions[phrasing].format(drug=name)
    identity = case_id(question, leaflet.text, options)
    return Case(identity, drug.name, relation.name, name, question, leaflet, options)
