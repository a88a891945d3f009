"""Models with a known behaviour, to prove that the audit sees it.

They know the phrasings of `robustness.questions`, so they read its leaflets without learning anything and
nothing else; from options they take the one that they would have said, or else the first. ``robust`` takes
the drug of the leaflet whose name is nearest to the one asked about; ``fragile`` knows a drug by its exact
name alone and otherwise answers for the first drug that states such a fact; ``abstaining`` likewise, but
gives no answer instead of another drug's; ``look-alikes`` is robust but answers for a look-alike of the
drug wherever the leaflet has one; ``random`` takes any fact, the same for the same prompt; ``slow`` is
robust after a pause; ``crashing`` fails on names that it does not know. They are product code: a user can
see with them what a finding looks like.
"""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from robustness.drugs import load_look_alikes
from robustness.errors import ModelError, nearest
from robustness.models.planted_cuts import PLANTED_CUTS, CutModel
from robustness.models.protocol import Answer, Prompt, all_answers
from robustness.questions.relation import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

PLANTED = {
    "robust": "planted: finds the drug in spite of its spelling",
    "fragile": "planted: a misspelled name gets the first drug's answer",
    "abstaining": "planted: a misspelled name gets no answer",
    "look-alikes": "planted: a look-alike in the leaflet gets its answer given",
    "random": "planted: any drug's answer, the same for the same prompt",
    "slow": "planted: robust, with a pause before every answer",
    "crashing": "planted: fails on a name that it does not know",
    "flaky": "planted: one answer in ten is drawn at random, whatever the spelling",
    **PLANTED_CUTS,
}
PAUSE = 0.02
"""Seconds that ``slow`` waits before an answer."""


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
        """Answer each prompt with the value that the leaflet states.

        Raises:
            PartlyAnsweredError: ``crashing`` does not know some of the names.
        """
        return all_answers([self._answer(prompt) for prompt in prompts])

    def _answer(self, prompt: Prompt) -> Answer | ModelError:
        relation, name = asked(prompt.question)
        known = stated(prompt.context, relation)
        if self.behaviour == "slow":
            time.sleep(PAUSE)
        if self.behaviour == "crashing" and name not in known:
            return ModelError("A planted crash", value=name, hint="This model is made to fail.")
        name = self._drug_answered_for(name, known, prompt)
        said = Answer(known[name], 1.0) if name in known else Answer("", 0.0)
        if prompt.options and said.text not in prompt.options:
            return Answer(prompt.options[0], 0.0)
        return said

    def _drug_answered_for(self, name: str, known: dict[str, str], prompt: Prompt) -> str:
        """The drug whose fact is given; one that is not stated when none is."""
        if not known:
            return name
        if self.behaviour in ("robust", "slow", "look-alikes"):
            name = min(known, key=lambda drug: OSA.distance(drug, name))
        if self.behaviour == "look-alikes":
            return next((drug for drug in known if drug in _look_alikes(name)), name)
        if self.behaviour == "random":
            draw = int(hashlib.sha256(prompt.key.encode()).hexdigest(), 16)
            return list(known)[draw % len(known)]
        if name not in known and self.behaviour == "fragile":
            return next(iter(known))
        return name


def planted_model(spec: str) -> PlantedModel | CutModel:
    """The planted model of a specification such as ``planted:fragile``.

    Raises:
        ModelError: There is no such behaviour.
    """
    name = spec.partition(":")[2]
    if name not in PLANTED:
        raise ModelError("No such planted model", value=name, hint=nearest(name, PLANTED))
    if name == "flaky":
        from robustness.models.flaky import FlakyModel

        return FlakyModel()
    return CutModel(name) if name in PLANTED_CUTS else PlantedModel(name)


def asked(question: str) -> tuple[str, str]:
    """Relation and drug name of a question in one of the known phrasings, else two empty strings."""
    for relation, pattern in _patterns("questions"):
        match = pattern.fullmatch(question)
        if match:
            return relation, match["drug"].lower()
    return "", ""


def stated(context: str, relation: str) -> dict[str, str]:
    """What a leaflet states of one kind of fact, by drug, in the order of the text."""
    found: dict[str, str] = {}
    for sentence in re.findall(r".+?\.(?= [A-Z]|$)", context):
        for name, pattern in _patterns("sentences"):
            match = pattern.fullmatch(sentence.strip()) if name == relation else None
            if match:
                found.setdefault(match["drug"].lower(), match["value"])
    return found


@cache
def _look_alikes(name: str) -> frozenset[str]:
    pairs = [{pair.name.lower(), pair.lookalike.lower()} for pair in load_look_alikes()]
    return frozenset(other for pair in pairs if name in pair for other in pair - {name})


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
