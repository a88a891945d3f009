"""A model behind a guard: questions are repaired before the model sees them, or asked back instead.

The leaflet and the options are given to the model as they are: they count as correct. What the guard did is kept
for each prompt of the last batch. What the model itself is, and what it was trained on, stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from robustness.drugs import table_versions
from robustness.guard.repair import Repair, Repairer, load_repairer
from robustness.models.capabilities import Capabilities, capabilities
from robustness.models.precision import Precision, at_precision
from robustness.models.protocol import (
    Answer,
    PartlyAnsweredError,
    QAModel,
    all_answers,
)
from robustness.questions.prompt import Prompt
from robustness.verdicts import chosen_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.errors import ModelError

PREFIX = "guard:"
"""What the specification of a guarded model begins with."""
VERSION = 1
"""Changes when the guard would do something else with the same tables and constants."""
UNCLEAR = "I do not know which drug is meant."
"""What is said in place of names that would count as one of the options."""


@dataclass
class Guard:
    """A model that gets repaired questions; see `Repairer` for what is repaired.

    Args:
        model: Any model.
        repairer: What repairs; the shipped one when not given.

    >>> from robustness.models.planted.spelling import PlantedModel
    >>> guarded = Guard(PlantedModel("fragile"))
    >>> leaflet = "Alprazolam is given by the oral route. Metformin is given by the nasal route."
    >>> guarded("What is the route of administration of metfomin?", context=leaflet)
    'by the nasal route'
    """

    model: QAModel
    repairer: Repairer = field(default_factory=load_repairer)
    repairs: tuple[Repair, ...] = field(default=(), init=False)
    """What was done to the questions of the last batch, in their order."""

    @property
    def spec(self) -> str:
        """How the command line names it."""
        return f"{PREFIX}{self.model.spec}"

    @property
    def kind(self) -> str:
        """Kind of the model behind the guard."""
        return self.model.kind

    @property
    def fingerprint(self) -> str:
        """Of the model, the tables, the constants and the version of the guard."""
        constants = (asdict(self.repairer.weights), asdict(self.repairer.thresholds))
        parts = [VERSION, self.model.fingerprint, table_versions(), constants]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def tokenizer_path(self) -> str | None:
        """Of the model behind the guard."""
        return self.model.tokenizer_path

    @property
    def held_out_drugs(self) -> frozenset[str] | None:
        """Of the model behind the guard; the guard knows every name."""
        return self.model.held_out_drugs

    @property
    def capabilities(self) -> Capabilities:
        """Those of the model behind the guard; and it can abstain, since the guard asks back."""
        return replace(capabilities(self.model), can_abstain=True)

    def at(self, precision: Precision) -> Guard | None:
        """The same guard in front of the model in another number format; None where that has no choice."""
        model = at_precision(self.model, precision)
        return None if model is None else Guard(model, self.repairer)

    def text(self, text: str, *, context: str = "", options: Sequence[str] = ()) -> Repair:
        """What the guard does to a text, without asking the model."""
        return self.repairer.repair(text, context=context, options=options)

    def __call__(self, question: str, context: str = "", options: Sequence[str] = ()) -> str:
        """The answer to one question, as a text: a guarded model is a ``python:`` model as well."""
        return self.answer([Prompt(question, context, tuple(options))])[0].text

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts; those whose drug is unclear are asked back.

        Raises:
            PartlyAnsweredError: The model has no answer to some prompts.
            ModelError: As the model raises it.
        """
        repairs = tuple(
            self.text(one.question, context=one.context, options=one.options) for one in prompts
        )
        self.repairs = repairs
        passed = [
            repaired(prompt, done)
            for prompt, done in zip(prompts, repairs, strict=True)
            if not done.asked
        ]
        answers = iter(self._ask(passed))
        return all_answers(
            [
                asked_back(prompt, done) if done.asked else next(answers)
                for prompt, done in zip(prompts, repairs, strict=True)
            ]
        )

    def _ask(self, prompts: Sequence[Prompt]) -> list[Answer | ModelError]:
        try:
            return list(self.model.answer(prompts)) if prompts else []
        except PartlyAnsweredError as error:
            return list(error.answers)


def repaired(prompt: Prompt, done: Repair) -> Prompt:
    """A prompt with a repaired question; a cut of tokens moves along or, if its text changed, is dropped."""
    if done.text == prompt.question:
        return prompt
    cut = prompt.cut
    if cut is not None:
        shift = sum(
            len(one.replacement) - len(one.written) for one in done.changes if one.end <= cut.start
        )
        within = any(one.start < cut.end and cut.start < one.end for one in done.changes)
        cut = None if within else replace(cut, start=cut.start + shift, end=cut.end + shift)
    return replace(prompt, question=done.text, cut=cut)


def asked_back(prompt: Prompt, done: Repair) -> Answer:
    """The answer that asks which drug is meant; it never chooses an option."""
    chosen = prompt.options and chosen_option(done.question, prompt.options) is not None
    return Answer(UNCLEAR if chosen else done.question, None)
