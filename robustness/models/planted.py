"""Models with a known behaviour, to prove that the audit sees it.

They know the phrasings of `robustness.questions`, so they read its leaflets without learning anything and
nothing else. ``robust`` takes the drug of the leaflet whose name is nearest to the one asked about;
``fragile`` knows a drug by its exact name alone and otherwise answers for the first drug that states such
a fact; ``abstaining`` likewise, but gives no answer instead of another drug's. They are product code: a
user can see with them what a finding looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from robustness.errors import ModelError, nearest
from robustness.models.planted_cuts import PLANTED_CUTS, CutModel
from robustness.models.protocol import Answer, Prompt
from robustness.questions.relation import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

PLANTED = {
    "robust": "planted: finds the drug in spite of its spelling",
    "fragile": "planted: a misspelled name gets the first drug's answer",
    "abstaining": "planted: a misspelled name gets no answer",
    **PLANTED_CUTS,
}


@dataclass(frozen=True, slots=True)
class PlantedModel:
    """A model that looks a fact up by the drug's name, and differs in what it does without a match."""

    behaviour: str

    @property
    def spec(self) -> str:
        """How the command line names it."""
        return f"planted:{self.behaviour}"

    @property
    def kind(self) -> str:
        """Kind of model."""
        return "planted"

    @property
    def fingerprint(self) -> str:
        """The behaviour is all that there is."""
        return f"{self.spec}:1"

    @property
    def tokenizer_path(self) -> str | None:
        """It reads characters."""
        return None

    @property
    def held_out_drugs(self) -> frozenset[str] | None:
        """It was not trained."""
        return None

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer each prompt with the value that the leaflet states."""
        return [self._answer(prompt) for prompt in prompts]

    def _answer(self, prompt: Prompt) -> Answer:
        relation, name = _asked(prompt.question)
        stated = _stated(prompt.context, relation)
        if name not in stated and stated and self.behaviour == "robust":
            name = min(stated, key=lambda drug: OSA.distance(drug, name))
        if name not in stated and stated and self.behaviour == "fragile":
            name = next(iter(stated))
        return Answer(stated[name], 1.0) if name in stated else Answer("", 0.0)


def planted_model(spec: str) -> PlantedModel | CutModel:
    """The planted model of a specification such as ``planted:fragile``.

    Raises:
        ModelError: There is no such behaviour.
    """
    name = spec.partition(":")[2]
    if name not in PLANTED:
        raise ModelError("No such planted model", value=name, hint=nearest(name, PLANTED))
    return CutModel(name) if name in PLANTED_CUTS else PlantedModel(name)


def _asked(question: str) -> tuple[str, str]:
    """Relation and drug name of a question in one of the known phrasings, else two empty strings."""
    for relation, pattern in _patterns("questions"):
        match = pattern.fullmatch(question)
        if match:
            return relation, match["drug"].lower()
    return "", ""


def _stated(context: str, relation: str) -> dict[str, str]:
    """What a leaflet states of one kind of fact, by drug, in the order of the text."""
    found: dict[str, str] = {}
    for sentence in re.findall(r".+?\.(?= [A-Z]|$)", context):
        for name, pattern in _patterns("sentences"):
            match = pattern.fullmatch(sentence.strip()) if name == relation else None
            if match:
                found.setdefault(match["drug"].lower(), match["value"])
    return found


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each relation's phrasings as patterns with the groups ``drug`` and ``value``."""
    groups = {"drug": "(?P<drug>.+?)", "value": "(?P<value>.+)"}
    return tuple(
        (
            relation.name,
            re.compile(
                re.sub(r"\\{(\w+)\\}", lambda m: groups[m[1]], re.escape(phrasing)), re.IGNORECASE
            ),
        )
        for relation in RELATIONS
        for phrasing in getattr(relation, kind)
    )
