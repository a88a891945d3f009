"""Models with a known behaviour, to prove that the audit sees it.

They know the phrasings of `robustness.questions`, so they read its leaflets without learning anything and
nothing else; from options they take the one that they would have said, or else the first. ``robust`` sees
through look-alike characters, formatting and brand names, and takes the drug of the leaflet whose name is
nearest to the one asked about, if it is near enough; ``fragile`` knows a drug by its exact
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
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from robustness.drugs import load_look_alikes
from robustness.errors import ModelError, nearest
from robustness.misspellings.channels.unicode import HOMOGLYPHS
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
    "first-option": "planted: takes the first option there is",
    "random": "planted: any drug's answer, the same for the same prompt",
    "slow": "planted: robust, with a pause before every answer",
    "crashing": "planted: fails on a name that it does not know",
    "flaky": "planted: one answer in ten is drawn at random, whatever the spelling",
    **PLANTED_CUTS,
}
_UNMASKED = {ord(glyph): letter for letter, glyphs in HOMOGLYPHS.items() for glyph in glyphs}
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
        return f"{self.spec}:2"

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
        if prompt.options and (said.text not in prompt.options or self.behaviour == "first-option"):
            return Answer(prompt.options[0], 0.0)
        return said

    def _drug_answered_for(self, name: str, known: dict[str, str], prompt: Prompt) -> str:
        """The drug whose fact is given; one that is not stated when none is."""
        if not known:
            return name
        if self.behaviour in ("robust", "slow", "look-alikes", "first-option"):
            name = recognised(name, known, prompt.context)
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


def recognised(name: str, known: dict[str, str], context: str) -> str:
    """The known drug that a name is meant for, or the name itself when it is far from all of them.

    It sees through look-alike characters, letters set otherwise, something glued on, two edits or a third of
    the letters, and brand names that the context tells.
    """
    plain = legible(name)
    brands = {legible(brand): drug for drug, brand in _facts(context, "brand")}
    if brands.get(plain) in known:
        return brands[plain]
    letters = {drug: legible(drug) for drug in known}
    nearest = min(known, key=lambda drug: OSA.distance(letters[drug], plain))
    glued = [drug for drug in known if letters[drug] in plain]
    distance = OSA.distance(letters[nearest], plain)
    if glued and distance > 2:
        return max(glued, key=len)
    return nearest if distance <= max(2, len(plain) // 3) else name


def legible(name: str) -> str:
    r"""The letters and digits of a name as they look: marks, invisible and look-alike characters undone.

    >>> legible("met\u200bf\u043er-\nmin"), legible("m\u00e9tformin")
    ('metformin', 'metformin')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_UNMASKED)).casefold()
    return "".join(char for char in plain.translate(_UNMASKED) if char.isalnum())


def stated(context: str, relation: str) -> dict[str, str]:
    """What a leaflet states of one kind of fact, by drug, in the order of the text."""
    found: dict[str, str] = {}
    for drug, value in _facts(context, relation):
        found.setdefault(drug, value)
    return found


def _facts(context: str, relation: str) -> list[tuple[str, str]]:
    """Drug and value of every sentence that states one kind of fact."""
    sentences = [sentence.strip() for sentence in re.findall(r".+?\.(?= [A-Z]|$)", context)]
    patterns = [pattern for name, pattern in _patterns("sentences") if name == relation]
    found = [
        next((match for pattern in patterns if (match := pattern.fullmatch(sentence))), None)
        for sentence in sentences
    ]
    return [(match["drug"].lower(), match["value"]) for match in found if match]


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
                re.sub(r"\\{(\w+)\\}", lambda m: groups[m[1]], re.escape(phrasing)),
                re.IGNORECASE | re.DOTALL,
            ),
        )
        for relation in RELATIONS
        for phrasing in getattr(relation, kind)
    )
