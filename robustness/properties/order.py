"""Properties of order: the same facts, or the same options, in another order get the same answer."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, ClassVar

from robustness.errors import LeafletOrderViolation, OptionOrderViolation, OrderViolation
from robustness.properties.planning import collect
from robustness.properties.registry import Property
from robustness.properties.size import commonness
from robustness.properties.trial import Size, Trial
from robustness.questions.case import case_id
from robustness.verdicts import agree, is_right

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from robustness.models import Answer
    from robustness.properties.subject import Subject
    from robustness.properties.trial import Request
    from robustness.questions import Case, Slot, Source

_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")
_FEWEST = 3
"""Sentences or options without which there is little to put in another order."""


class Order(Property):
    """Another order gets the same answer, or one that is right where the first was wrong."""

    violation: ClassVar[type[OrderViolation]] = OrderViolation

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> OrderViolation | None:
        """Whether the two answers come to the same."""
        case: Case = trial.data
        first, second = (answer.text for answer in answers)
        if agree(case, first, second) or is_right(case, second):
            return None
        return self.violation(
            case_id=trial.id,
            drug=case.drug,
            question=case.question,
            moved=trial.size.edits,
            expected=first,
            answered=second,
            gold=case.gold,
        )


class LeafletOrder(Order):
    """The sentences of a leaflet in another order."""

    name = "leaflet-order-invariance"
    description = "the sentences of the leaflet in another order must not change the answer"
    share = 2
    violation = LeafletOrderViolation

    def unfit(self, subject: Subject) -> str:
        """It needs a model that reads."""
        return "the model answers without a leaflet" if subject.model.kind == "choice" else ""

    def trials(self, request: Request) -> list[Trial]:
        """The question with the correct name over two orders of one leaflet."""

        def make(source: Source, slot: Slot) -> Iterator[Trial]:
            case = source.case(slot, None)
            parts = _SENTENCE_END.split(case.leaflet.text)
            if len(parts) < _FEWEST or len(parts) != len(case.leaflet.facts):
                return
            order = _another_order(len(parts), f"{request.seed}/{case.id}/leaflet")
            text = " ".join(parts[i] for i in order)
            other = replace(
                case,
                id=case_id(case.question, text),
                leaflet=replace(case.leaflet, text=text, answer_start=-1),
            )
            yield _trial(case, other, order)

        return collect(request, make)


class OptionOrder(Order):
    """The options of a choice in another order."""

    name = "option-order-invariance"
    description = "the options of a choice in another order must not change what is chosen"
    share = 1
    violation = OptionOrderViolation

    def unfit(self, subject: Subject) -> str:
        """It needs a model that looks at options."""
        ignores = subject.model.kind == "extractive"
        return "an extractive reader is shown no options" if ignores else ""

    def trials(self, request: Request) -> list[Trial]:
        """The question with the correct name and two orders of its options."""

        def make(source: Source, slot: Slot) -> Iterator[Trial]:
            case = with_options(source.case(slot, None))
            if len(case.options) < _FEWEST:
                return
            order = _another_order(len(case.options), f"{request.seed}/{case.id}/options")
            options = tuple(case.options[i] for i in order)
            identity = case_id(case.question, case.leaflet.text, options)
            yield _trial(case, replace(case, id=identity, options=options), order)

        return collect(request, make)


def with_options(case: Case) -> Case:
    """A case over a leaflet with the answers that the leaflet holds as its options."""
    if case.options:
        return case
    stated = [fact.value for fact in case.leaflet.facts if fact.relation == case.relation]
    options = tuple(dict.fromkeys(stated))
    return replace(case, id=case_id(case.question, case.leaflet.text, options), options=options)


def _trial(case: Case, other: Case, order: Sequence[int]) -> Trial:
    place = commonness().get(case.drug, len(commonness()))
    return Trial(
        id=other.id,
        drug=case.drug,
        label=f"{case.drug}, {case.relation}, order {'-'.join(str(i + 1) for i in order)}",
        prompts=(case.prompt, other.prompt),
        size=Size(_swaps(order), drug=place, text=case.question),
        data=case,
    )


def _another_order(count: int, seed: str) -> list[int]:
    """The numbers from 0 in an order that is not theirs."""
    order = list(range(count))
    random = Random(seed)
    while order == list(range(count)):
        random.shuffle(order)
    return order


def _swaps(order: Sequence[int]) -> int:
    """How many neighbours have to change places to sort an order (Kendall 1938)."""
    return sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
