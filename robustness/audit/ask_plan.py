"""The first phase of an audit: ask all that a plan holds, and keep what was answered.

Pairs are judged as they are answered, since an early stop rests on verdicts. This module computes no rate and
puts no results together, see `robustness.audit.assembling`.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from robustness.answers.asking import Asking, answer_prompts
from robustness.answers.events import BatchAnswered, Event, Planned
from robustness.audit.audit_parts import Part, draw_parts
from robustness.audit.early_stop import Early, ask_until_settled
from robustness.audit.repeats import ask_again, drawn
from robustness.questions.case import case_id
from robustness.results.outcome import outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.plan import Plan
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions.pair import Pair
    from robustness.results.evidence import Watch
    from robustness.results.outcome import Outcome
    from robustness.tokenizers import Tokenizer

PAIRS_AT_ONCE = 32_768
"""Pairs whose prompts are held, sorted and cut into batches together: enough that next to nothing is padded."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What differs between two runs of the same audit."""

    began: datetime
    wall_seconds: float
    model_seconds: float
    asked: int
    """Prompts that the model was asked in this run."""
    from_store: int
    """Prompts whose answers were in the store."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of a plan is asked."""

    early: bool = False
    """Stop as soon as the rules are decided."""
    repeats: int = 0
    """How many questions with the correct name are asked a second time, for the noise floor."""
    extras: bool = True
    """Also ask about look-alikes and invented names, see `robustness.audit.further_cases`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that was asked and answered."""

    plan: Plan
    """Its pairs are those that were asked, one an outcome."""
    planned: int
    """How many pairs there were to ask."""
    may_stop: bool
    """Whether an early stop was allowed."""
    outcomes: list[Outcome]
    """In the plan's order."""
    early: Early
    """The questions that were asked twice, and the bounds of an early stop."""
    parts: tuple[Part, ...]
    """What was asked in addition to the pairs."""
    answers: dict[Prompt, Answer]
    """To the parts, and to the correct names."""
    prompts: int
    """How many distinct prompts there were."""
    timing: Timing


def ask_plan(
    plan: Plan,
    model: QAModel,
    tokenizer: Tokenizer | None,
    watched: Sequence[Watch],
    *,
    asking: Asking,
    wanted: Wanted,
) -> Asked:
    """Ask all pairs, or as many as the decision needs, then the other parts of the audit.

    Args:
        plan: What to ask.
        model: Whom to ask.
        tokenizer: The model's, where it has one.
        watched: The rules that an early stop decides on.
        asking: Where answers come from and who listens.
        wanted: How much is asked.
    """
    started, began = time.perf_counter(), datetime.now(UTC)
    asker = _Asker(model, asking)
    parts = draw_parts(plan, model, tokenizer, extras=wanted.extras)
    prompts = _count(plan, parts)
    asker.emit(Planned(len(plan.pairs), prompts))
    early = _ask_pairs(plan, watched, asker, wanted)
    judged = plan
    if len(early.outcomes) < len(plan.pairs):
        judged = replace(plan, pairs=tuple(outcome.pair for outcome in early.outcomes))
        parts = draw_parts(judged, model, tokenizer, extras=wanted.extras)
        prompts = _count(judged, parts)
        asker.emit(Planned(len(judged.pairs), prompts))
    answers = asker.ask_parts(parts)
    seconds = time.perf_counter() - started
    return Asked(
        plan=judged,
        planned=len(plan.pairs),
        may_stop=wanted.early,
        outcomes=early.outcomes,
        early=early,
        parts=parts,
        answers=answers,
        prompts=prompts,
        timing=Timing(began, seconds, asker.model_seconds, asker.asked, asker.from_store),
    )


@dataclass
class _Asker:
    """Asks one model, counts what it took, and keeps the answers to correct names, which serve many pairs."""

    model: QAModel
    asking: Asking
    model_seconds: float = 0.0
    asked: int = 0
    from_store: int = 0
    _kept: dict[Prompt, Answer] = field(default_factory=dict)

    def emit(self, event: Event) -> None:
        self._count(event)
        self.asking.tell(event)

    def ask(self, pairs: Sequence[Pair]) -> list[Outcome]:
        starts = range(0, len(pairs), PAIRS_AT_ONCE)
        parts = (self._ask_some(pairs[start : start + PAIRS_AT_ONCE]) for start in starts)
        return list(chain.from_iterable(parts))

    def repeat(self, outcomes: Sequence[Outcome], limit: int) -> list[Outcome]:
        with self.asking.store.repeats() if self.asking.store else nullcontext() as second:

            def heard(event: Event) -> None:
                if second:
                    second.listen(event)
                self._count(event)

            ask = partial(
                answer_prompts, self.model, store=second, emit=heard, engine=self.asking.engine
            )
            return ask_again(outcomes, ask, limit=limit)

    def ask_parts(self, parts: Sequence[Part]) -> dict[Prompt, Answer]:
        return self._answers([prompt for part in parts for prompt in part.prompts])

    def _ask_some(self, pairs: Sequence[Pair]) -> list[Outcome]:
        asked = [(pair, pair.case) for pair in pairs]
        answers = self._answers([c.prompt for pair, other in asked for c in (pair.baseline, other)])
        correct = {pair.baseline.prompt for pair in pairs}
        self._kept.update({prompt: answers[prompt] for prompt in correct if prompt in answers})
        return [outcome_of(pair, case, answers) for pair, case in asked]

    def _answers(self, prompts: Sequence[Prompt]) -> dict[Prompt, Answer]:
        new = [prompt for prompt in prompts if prompt not in self._kept]
        store, engine = self.asking.store, self.asking.engine
        return self._kept | answer_prompts(self.model, new, store, self.emit, engine=engine)

    def _count(self, event: Event) -> None:
        if not isinstance(event, BatchAnswered):
            return
        self.model_seconds += event.seconds
        if event.from_store:
            self.from_store += len(event.prompts)
        else:
            self.asked += len(event.prompts)


def _ask_pairs(plan: Plan, watched: Sequence[Watch], asker: _Asker, wanted: Wanted) -> Early:
    """Ask the pairs, and some questions twice, drawn at random; outcomes are in the plan's order."""
    rows = drawn(plan)
    repeat = partial(asker.repeat, limit=wanted.repeats)
    if not wanted.early:
        outcomes = asker.ask(plan.pairs)
        return Early(outcomes, repeat([outcomes[row] for row in rows]), None)
    order = [plan.pairs[row] for row in rows]
    asked = ask_until_settled(order, watched, asker.ask, repeat, first=wanted.repeats)
    by_row = dict(zip(rows, asked.outcomes, strict=False))
    return replace(asked, outcomes=[by_row[row] for row in sorted(by_row)])


def _count(plan: Plan, parts: Sequence[Part]) -> int:
    """How many distinct prompts there are; a case's id stands for its prompt, which is larger."""
    ids = {case.id for pair in plan.pairs for case in (pair.baseline, pair.case)}
    further = {
        prompt
        for part in parts
        for prompt in part.prompts
        if prompt.cut or case_id(prompt.question, prompt.context, prompt.options) not in ids
    }
    return len(ids) + len(further)
