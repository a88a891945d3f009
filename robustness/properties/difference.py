"""Properties of difference: drugs that look alike are told apart, and an invented drug gets no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import InventedDrugViolation, LookAlikesViolation
from robustness.models import capabilities
from robustness.properties.planning import source_for
from robustness.properties.registry import Property
from robustness.properties.size import commonness
from robustness.properties.trial import Size, Trial, trial_id
from robustness.questions import Case, differing_cases, invented_cases, name_pairs
from robustness.verdicts import abstains, drug_of, is_right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import Answer
    from robustness.properties.subject import Subject
    from robustness.properties.trial import Request
    from robustness.questions import Differing


class LookAlikes(Property):
    """Two drugs whose names look alike, both written correctly, get their own answers."""

    name = "look-alikes-must-differ"
    description = "a drug must not get the answer of another one whose name looks alike"
    share = 2

    def trials(self, request: Request) -> list[Trial]:
        """The same question about both drugs of a listed pair, over one leaflet or the same options."""
        drugs = load_drugs() if request.drugs is None else request.drugs
        pairs = name_pairs(load_drugs(), load_look_alikes(), (), about=[d.name for d in drugs])
        source = source_for(request.seed, request.kind)
        cases = differing_cases(source, pairs, seed=request.seed, limit=request.budget)
        return [_look_alike_trial(one) for one in cases]

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> LookAlikesViolation | None:
        """Whether an answer is the other drug's and not right as well."""
        first, second = trial.data
        for asked, other, answer in zip((first, second), (second, first), answers, strict=True):
            said = answer.text
            if not is_right(asked, said) and drug_of(asked, said) == other.drug:
                return LookAlikesViolation(
                    case_id=trial.id,
                    drug=asked.drug,
                    other=other.drug,
                    question=asked.question,
                    answered=said,
                    gold=asked.gold,
                )
        return None


class Invented(Property):
    """A question about an invented name gets no answer."""

    name = "invented-drugs-unanswered"
    description = "a question about a drug that does not exist must not be answered"
    share = 1

    def unfit(self, subject: Subject) -> str:
        """It needs a model that has a way to give no answer."""
        if capabilities(subject.model).can_abstain:
            return ""
        chooses = subject.model.kind == "choice"
        return (
            "a model that chooses has no way to give no answer"
            if chooses
            else "this reader was not trained to give no answer"
        )

    def trials(self, request: Request) -> list[Trial]:
        """Questions about invented names over leaflets that do not hold them; no drug is chosen."""
        source = source_for(request.seed, request.kind)
        cases = invented_cases(source, seed=request.seed, count=request.budget)
        return [_invented_trial(case) for case in cases]

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> InventedDrugViolation | None:
        """Whether there is an answer."""
        (answer,) = answers
        if abstains(answer.text):
            return None
        case: Case = trial.data
        return InventedDrugViolation(
            case_id=trial.id, name=case.name, question=case.question, answered=answer.text
        )


def _look_alike_trial(one: Differing) -> Trial:
    first, second = one.cases
    place = commonness().get(first.drug, len(commonness()))
    return Trial(
        id=trial_id("look-alikes-must-differ", first.id, second.id),
        drug=first.drug,
        label=f"{first.drug} and {second.drug}, {first.relation}",
        prompts=(first.prompt, second.prompt),
        size=Size(drug=place, text=first.question),
        data=one.cases,
    )


def _invented_trial(case: Case) -> Trial:
    return Trial(
        id=case.id,
        drug=case.drug,
        label=f"{case.name} (invented), {case.relation}",
        prompts=(case.prompt,),
        size=Size(text=case.question),
        data=case,
    )
