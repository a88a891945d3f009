"""Baseline determinism: the very same prompt, asked twice, gets the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.errors import DeterminismViolation
from robustness.properties.planning import collect
from robustness.properties.registry import Property
from robustness.properties.size import commonness
from robustness.properties.trial import Outcome, Size, Trial, trial_id
from robustness.verdicts import agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from robustness.models import Answer
    from robustness.properties.subject import Subject
    from robustness.properties.trial import Request
    from robustness.questions import Slot, Source


class Determinism(Property):
    """A question with the correct name is asked twice."""

    name = "baseline-determinism"
    description = "the same prompt, asked twice, must get the same answer"
    share = 1
    must_always_hold = True

    def trials(self, request: Request) -> list[Trial]:
        """Questions with the correct name."""
        return collect(request, _questions)

    def check(self, trials: Sequence[Trial], subject: Subject) -> list[Outcome]:
        """Ask twice; the second time whatever is remembered."""
        prompts = [trial.prompts[0] for trial in trials]
        first, second = subject.ask(prompts), subject.ask_again(prompts)
        return [
            self._outcome(trial, [first.get(prompt), second.get(prompt)])
            for trial, prompt in zip(trials, prompts, strict=True)
        ]

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> DeterminismViolation | None:
        """Whether both answers come to the same."""
        first, second = (answer.text for answer in answers)
        if agree(trial.data, first, second):
            return None
        return DeterminismViolation(
            case_id=trial.id, question=trial.data.question, first=first, second=second
        )


def _questions(source: Source, slot: Slot) -> Iterator[Trial]:
    case = source.case(slot, None)
    yield Trial(
        id=trial_id("baseline-determinism", case.id),
        drug=case.drug,
        label=f"{case.drug}, {case.relation}, twice",
        prompts=(case.prompt,),
        size=Size(drug=commonness().get(case.drug, len(commonness()))),
        data=case,
    )
