"""A planted model that is robust to spelling and yet answers at random now and then.

It finds the drug in spite of its spelling, but with some probability gives another drug's value instead,
drawn afresh every time it is asked. It shows what the noise floor is for: nothing that it does wrong is a
misspelling's doing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from robustness.models.planted.leaflets import asked, stated
from robustness.models.planted.spelling import PlantedModel
from robustness.models.protocol import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions.prompt import Prompt

DEFAULT_PROBABILITY = 0.1


@dataclass(frozen=True, slots=True)
class FlakyModel(PlantedModel):
    """A robust model whose answers are now and then another drug's."""

    behaviour: str = "flaky"
    probability: float = DEFAULT_PROBABILITY
    """Chance that an answer is replaced."""
    random: Random = field(default_factory=lambda: Random(0), compare=False)
    """Where chance comes from; it goes on from answer to answer."""

    @property
    def fingerprint(self) -> str:
        """Behaviour and probability."""
        return f"{self.spec}:{self.probability}:1"

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer each prompt, not always with the same."""
        robust = PlantedModel("robust")
        return [self._shaken(prompt, robust.answer([prompt])[0]) for prompt in prompts]

    def _shaken(self, prompt: Prompt, answer: Answer) -> Answer:
        if self.random.random() >= self.probability:
            return answer
        relation, _ = asked(prompt.question)
        others = [v for v in stated(prompt.context, relation).values() if v != answer.text]
        return Answer(self.random.choice(others), 1.0) if others else answer
