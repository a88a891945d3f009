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
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from robustness.drugs import load_look_alikes
from robustness.errors import ModelError
from robustness.models.planted.leaflets import asked, recognised, stated
from robustness.models.protocol import Answer, all_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions.prompt import Prompt

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


@cache
def _look_alikes(name: str) -> frozenset[str]:
    pairs = [{pair.name.lower(), pair.lookalike.lower()} for pair in load_look_alikes()]
    return frozenset(other for pair in pairs if name in pair for other in pair - {name})
