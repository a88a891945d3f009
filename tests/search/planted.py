"""Models that break where a test wants them to, and count what they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, select_drugs
from robustness.errors import ModelError
from robustness.models import Answer, Prompt
from robustness.models.capabilities import Capabilities
from robustness.models.planted.leaflets import asked, stated
from robustness.models.protocol import all_answers
from robustness.questions.loading import embedded_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.questions import Slot

SOURCE = embedded_source(0)


def nowhere(_relation: str, _name: str) -> bool:
    return False


def slots(*names: str, relations: int = 9) -> list[Slot]:
    found = []
    for drug in select_drugs(names, load_drugs()):
        found += SOURCE.slots([drug])[:relations]
    return found


def drugs(count: int) -> list[str]:
    return [drug.name for drug in load_drugs() if drug.name.isalpha()][:count]


@dataclass
class Planted:
    """Answers for another drug where `breaks(relation, name)` says so, and rightly everywhere else."""

    breaks: Callable[[str, str], bool]
    fails: Callable[[str, str], bool] = nowhere
    scored: bool = True
    asked: list[Prompt] = field(default_factory=list)
    spec: str = "planted:test"
    kind: str = "planted"
    fingerprint: str = "planted:test"
    tokenizer_path: str | None = None
    held_out_drugs: frozenset[str] | None = None
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(prompts_at_once=32))

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        self.asked += prompts
        return all_answers([self._answer(prompt) for prompt in prompts])

    def _answer(self, prompt: Prompt) -> Answer | ModelError:
        relation, name = asked(prompt.question)
        if self.fails(relation, name):
            return ModelError("A planted failure", value=name)
        known = stated(prompt.context, relation)
        meant = DRUG_OF_LEAFLET[prompt.context]
        right, *others = sorted(known, key=lambda drug: drug != meant)
        value = known[others[0]] if self.breaks(relation, name) else known[right]
        return Answer(value, 0.9 if self.scored else None)

    @property
    def names(self) -> list[str]:
        return [asked(prompt.question)[1] for prompt in self.asked]


DRUG_OF_LEAFLET: dict[str, str] = {}
"""The drug asked about, by leaflet; `prepared` fills it."""


def prepared(*names: str, relations: int = 9) -> list[Slot]:
    """The slots of some drugs, known to `Planted`."""
    found = slots(*names, relations=relations)
    for slot in found:
        DRUG_OF_LEAFLET[SOURCE.case(slot, None).leaflet.text] = slot.drug.name.lower()
    return found
