"""Models in which it is known whether the cut of a name or its spelling makes an answer wrong.

They see through every misspelling to the drug that is meant, read with the embedded reader's tokenizer,
and honour `Prompt.cut`. ``fragile-segmentation`` is led astray by a name in another number of pieces than
usual, ``fragile-spelling`` by a name with other letters, ``indifferent`` by neither. All of them also give
a wrong answer to one in `NOISE` disturbed questions, whatever was disturbed: that must not be taken for an
effect of the name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from robustness.drugs import load_drugs
from robustness.models.capabilities import Capabilities
from robustness.models.protocol import Answer
from robustness.questions.relation import RELATIONS, Relation
from robustness.tokenizers import load_tokenizer
from robustness.tokenizers.loading import embedded_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug
    from robustness.questions.prompt import Prompt
    from robustness.tokenizers import Tokenizer

PLANTED_CUTS = {
    "fragile-segmentation": "planted: a name cut into another number of pieces leads it astray",
    "fragile-spelling": "planted: a name with other letters leads it astray, however it is cut",
    "indifferent": "planted: neither the cut nor the spelling of a name matters",
}
_FED = Capabilities(honours_cut=True)
NOISE = 12
"""One in so many disturbed questions gets a wrong answer for no reason."""
_DEFECT = 0.6
"""How often what leads a model astray does so."""


@dataclass(frozen=True, slots=True)
class CutModel:
    """A model that is led astray by one property of the name as it is fed."""

    behaviour: str
    kind: str = "planted"
    """Kind of model."""
    capabilities: Capabilities = _FED
    """It looks at the ids of `Prompt.cut`."""
    held_out_drugs: frozenset[str] | None = None
    """It was not trained."""

    @property
    def spec(self) -> str:
        """How the command line names it."""
        return f"planted:{self.behaviour}"

    @property
    def fingerprint(self) -> str:
        """The behaviour is all that there is."""
        return f"{self.spec}:1"

    @property
    def tokenizer_path(self) -> str | None:
        """That of the embedded reader."""
        return str(embedded_file())

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer each prompt with the value that its context states for a drug."""
        return [self._answer(prompt) for prompt in prompts]

    def _answer(self, prompt: Prompt) -> Answer:
        mentioned = [drug for drug in load_drugs() if drug.name in prompt.context.lower()]
        questions = {
            text.format(drug=drug.name): (relation, text, drug)
            for drug in mentioned
            for relation in RELATIONS
            for text in relation.questions
            if relation.value(drug)
        }
        if not questions:
            return Answer("", 0.0)
        # The first of equally near ones; a disturbed question is still nearest to its own.
        nearest = process.extractOne(prompt.question, list(questions), scorer=OSA.distance)[0]
        relation, phrasing, drug = questions[nearest]
        disturbed = prompt.question != nearest or prompt.cut is not None
        if disturbed and self._is_led_astray(prompt, phrasing, drug):
            return Answer(_another(relation, drug, mentioned), 1.0)
        return Answer(relation.value(drug), 1.0)

    def _is_led_astray(self, prompt: Prompt, phrasing: str, drug: Drug) -> bool:
        if _chance(f"noise/{prompt.key}") < 1 / NOISE:
            return True
        before, after = phrasing.split("{drug}")
        question = prompt.question
        framed = question.startswith(before) and question.endswith(after)
        written = question[len(before) : len(question) - len(after)] if framed else drug.name
        pieces = len(prompt.cut.ids) if prompt.cut else _pieces(written)
        is_defect = {
            "fragile-segmentation": pieces != _pieces(drug.name),
            "fragile-spelling": written != drug.name,
            "indifferent": False,
        }[self.behaviour]
        return is_defect and _chance(f"defect/{prompt.key}") < _DEFECT


def _another(relation: Relation, drug: Drug, mentioned: Sequence[Drug]) -> str:
    own = relation.value(drug)
    others = (relation.value(other) for other in mentioned if other != drug)
    return next((value for value in others if value and value != own), "")


def _chance(key: str) -> float:
    """A number from 0 to 1 that looks drawn and is always the same for one key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64


@cache
def _tokenizer() -> Tokenizer:
    return load_tokenizer(embedded_file())


@cache
def _pieces(name: str) -> int:
    return len(_tokenizer().pieces([name])[0])
