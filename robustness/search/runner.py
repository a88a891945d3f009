"""Run a search: ask, round by round, what the order picks, until the budget is spent or nothing is open.

A round takes questions side by side, so that the model is always asked whole batches; what is picked
depends on the answers of earlier rounds alone and not on how the engine cuts a round into batches. The
budget is one for all questions: what those leave over that break early goes to those that hold out.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from robustness.answers.asking import Asking, answer_prompts
from robustness.answers.events import BatchAnswered, Event, Planned
from robustness.errors import InputError
from robustness.search.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions import Slot, Source

DEFAULT_BUDGET = 50
"""Queries a question, the one with the correct name included."""
DEFAULT_REFINE = 5
"""How many more probable misspellings are tried after one broke an answer."""
DEFAULT_DRUGS = 25
"""How many drugs are searched when none are named."""
ROUND = 32
"""Queries of one round."""
MOST_AT_ONCE = 4
"""Most queries of one round about the same question: more would be wasted when the first one breaks it."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One query: a question with one of its misspellings."""

    question: Question
    index: int
    """Place of the misspelling in the question's neighbourhood."""


class Order(Protocol):
    """Decides what is asked next."""

    def pick(self, questions: Sequence[Question], width: int) -> list[Pick]:
        """The queries of the next round.

        Args:
            questions: Those that have something left to ask, at least one.
            width: Most queries that may be picked, at least 1.

        Returns:
            At least one query, each of an eligible misspelling, none twice.
        """

    def learn(self, heard: Sequence[tuple[Pick, float]]) -> None:
        """Take in the queries of a round, each with its disturbance, 0 to 1, and 1 for a break alone."""


@dataclass(frozen=True, slots=True)
class Search:
    """A finished search."""

    questions: tuple[Question, ...]
    budget: int
    """Queries a question."""
    queries: int
    """How often the model was asked, baselines included."""
    from_store: int
    """How many of these answers were in the store already."""


_PLAIN = Asking()


def search(
    source: Source,
    slots: Sequence[Slot],
    model: QAModel,
    order: Order,
    *,
    budget: int = DEFAULT_BUDGET,
    refine: int = DEFAULT_REFINE,
    max_edits: int = 2,
    asking: Asking = _PLAIN,
) -> Search:
    """Look for the smallest breaking misspelling of every slot.

    Args:
        source: Writes the cases.
        slots: The questions.
        model: Whom to ask.
        order: What to ask first.
        budget: Queries a question on average, at least 2; 0 for as many as it takes.
        refine: How many more probable misspellings to try after one broke an answer.
        max_edits: 1, or 2 to go on with two edits where no single one breaks the answer.
        asking: Where answers come from and who listens.

    Raises:
        InputError: The budget is out of range, or there is no question.
    """
    check_search(budget=budget, refine=refine)
    if not slots:
        raise InputError("Nothing to search", hint="Name other drugs: robustness list drugs.")
    asker = _Asker(model, asking)
    questions = [
        Question(source, slot, number=number, refine=refine, max_edits=max_edits)
        for number, slot in enumerate(slots)
    ]
    total = budget * len(questions) if budget else sum(len(q.near) + 1 for q in questions)
    asker.emit(Planned(len(questions), total))
    answers = asker.ask([question.base_case.prompt for question in questions])
    for question in questions:
        question.hear_baseline(answers.get(question.base_case.prompt))
    spent = len(questions)
    while (width := min(ROUND, total - spent)) > 0:
        open_ = [question for question in questions if len(question.eligible)]
        if not open_:
            break
        picks = order.pick(open_, width)
        _hear(picks, asker, order)
        spent += len(picks)
    return Search(tuple(questions), budget, spent, asker.from_store)


def check_search(*, budget: int, refine: int) -> None:
    """Complain about numbers that no search can be done with.

    Raises:
        InputError: The budget is 1 or negative, or `refine` is negative.
    """
    if budget < 0 or budget == 1:
        raise InputError(
            "The budget is too small to ask with a correct and a misspelled name",
            value=budget,
            hint="Give at least 2 queries a question, or 0 for as many as it takes.",
        )
    if refine < 0:
        raise InputError("A negative number of tries", value=refine, hint="Give 0 or more.")


def draw_drugs(drugs: Sequence[Drug], *, seed: int) -> tuple[Drug, ...]:
    """The drugs that are searched when none are named: `DEFAULT_DRUGS` of them, drawn by the seed."""
    return tuple(Random(f"{seed}/search").sample(list(drugs), min(DEFAULT_DRUGS, len(drugs))))


def _hear(picks: Sequence[Pick], asker: _Asker, order: Order) -> None:
    prompts = [pick.question.case(pick.index).prompt for pick in picks]
    answers = asker.ask(prompts)
    heard = []
    for pick, prompt in zip(picks, prompts, strict=True):
        disturbance = pick.question.hear(pick.index, answers.get(prompt))
        if disturbance is not None:
            heard.append((pick, disturbance))
    order.learn(heard)


class _Asker:
    """Asks a model through the engine of the audit."""

    def __init__(self, model: QAModel, asking: Asking) -> None:
        self._model, self._asking = model, asking
        self.from_store = 0

    def emit(self, event: Event) -> None:
        if isinstance(event, BatchAnswered) and event.from_store:
            self.from_store += len(event.prompts)
        self._asking.tell(event)

    def ask(self, prompts: Sequence[Prompt]) -> dict[Prompt, Answer]:
        return answer_prompts(
            self._model, prompts, self._asking.store, self.emit, engine=self._asking.engine
        )
