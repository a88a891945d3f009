"""Run a plan: ask the model, judge every pair, and put the results together."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from robustness.answers.asking import answer_prompts
from robustness.answers.events import BatchAnswered, Event, Planned
from robustness.attribution.experiment import Control, attribute, draw_control, no_attribution
from robustness.audit.assembling import Timing, assemble
from robustness.audit.early_stop import Early, ask_until_settled, saved, with_bounds
from robustness.audit.further_cases import Extras, draw_extras, extra_results
from robustness.audit.repeats import ask_again, drawn
from robustness.gate import decide, gate
from robustness.models import honours_cut
from robustness.questions.case import case_id
from robustness.results.evidence import detectable_sentence, evidence, watches
from robustness.results.noise_floor import mark_nondeterministic, noise_floor
from robustness.results.outcome import Outcome
from robustness.results.slices import slices
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import Judgement, Verdict, is_right, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from robustness.answers.engines.engine import Engine
    from robustness.answers.events import Listener
    from robustness.answers.store import Store
    from robustness.audit.plan import Plan
    from robustness.gate import Rule
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions import Case
    from robustness.questions.pair import Pair
    from robustness.results.evidence import Watch
    from robustness.tokenizers import Tokenizer

PAIRS_AT_ONCE = 32_768
"""Pairs whose prompts are held, sorted and cut into batches together: enough that next to nothing is padded."""
_Value = TypeVar("_Value")


@dataclass
class _Clock:
    """Adds up what the batches took."""

    model_seconds: float = 0.0
    asked: int = 0
    from_store: int = 0

    def listen(self, event: Event) -> None:
        if isinstance(event, BatchAnswered):
            self.model_seconds += event.seconds
            if event.from_store:
                self.from_store += len(event.prompts)
            else:
                self.asked += len(event.prompts)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is asked beside the pairs."""

    control: Control | None
    """The arms of attribution; None for a model that cannot be fed another cut."""
    extras: Extras

    @property
    def prompts(self) -> list[Prompt]:
        return [*(self.control.prompts if self.control else ()), *self.extras.prompts]


def run_audit(
    plan: Plan,
    model: QAModel,
    *,
    task: str | None = None,
    adapter: Path | None = None,
    store: Store | None = None,
    engine: Engine | None = None,
    rules: Sequence[Rule] = (),
    early: bool = False,
    repeats: int = 0,
    extras: bool = True,
    precision: dict[str, Any] | None = None,
    listeners: Sequence[Listener] = (),
    command: Sequence[str] = (),
) -> dict[str, Any]:
    """Audit a model.

    Args:
        plan: What to ask.
        model: Whom to ask.
        task: The task that it was loaded for, for the record; None for its own.
        adapter: The adapter that it was loaded with, for the record.
        store: Keeps answers, and gives those that it has.
        engine: Where batches are computed; this process when it is not given.
        rules: Thresholds of the gate.
        early: Stop as soon as the rules are decided.
        repeats: How many questions with the correct name are asked a second time, for the noise floor.
        extras: Also ask about look-alikes that must be told apart and about invented names, see
            `robustness.audit.further_cases`.
        precision: The number format and how it was checked, for the record.
        listeners: Hear every event, in this order, the store before them.
        command: The command line, for the record.

    Returns:
        What ``audit.json`` holds, and under ``pairs`` the rows of ``pairs.csv``.

    Raises:
        InputError: A rule names an unknown slice.
    """
    started, began = time.perf_counter(), datetime.now(UTC)
    clock = _Clock()
    hearing: list[Listener] = [*([store.listen] if store else []), clock.listen, *listeners]

    emit = _to(hearing)
    tokenizer = _tokenizer(model)
    known = slices(model, tokenizer, plan.pairs)
    watched = watches(rules, known)
    beside = _beside(plan, model, tokenizer, extras=extras)
    planned = _planned(plan, beside)
    emit(planned)
    kept: dict[Prompt, Answer] = {}  # to the correct names: one answer serves many pairs

    def ask_some(pairs: Sequence[Pair]) -> list[Outcome]:
        asked = [(pair, pair.case) for pair in pairs]
        prompts = (case.prompt for pair, other in asked for case in (pair.baseline, other))
        new = [prompt for prompt in prompts if prompt not in kept]
        answers = kept | answer_prompts(model, new, store, emit, engine=engine)
        correct = {pair.baseline.prompt for pair in pairs}
        kept.update({prompt: answers[prompt] for prompt in correct if prompt in answers})
        return [_outcome(pair, case, answers) for pair, case in asked]

    def ask(pairs: Sequence[Pair]) -> list[Outcome]:
        starts = range(0, len(pairs), PAIRS_AT_ONCE)
        parts = (ask_some(pairs[start : start + PAIRS_AT_ONCE]) for start in starts)
        return list(chain.from_iterable(parts))

    def repeat(outcomes: Sequence[Outcome]) -> list[Outcome]:
        with store.repeats() if store else nullcontext() as second:
            heard = [*([second.listen] if second else []), clock.listen]
            asking = partial(answer_prompts, model, store=second, emit=_to(heard), engine=engine)
            return ask_again(outcomes, asking, limit=repeats)

    asked = _ask_plan(plan, watched, ask, repeat, early=early, repeats=repeats)
    outcomes, judged = asked.outcomes, plan
    if len(outcomes) < len(plan.pairs):
        judged = replace(plan, pairs=tuple(outcome.pair for outcome in outcomes))
        beside = _beside(judged, model, tokenizer, extras=extras)
        planned = _planned(judged, beside)
        emit(planned)
    further = [prompt for prompt in beside.prompts if prompt not in kept]
    answers = kept | answer_prompts(model, further, store, emit, engine=engine)
    decision = _gate(watched, outcomes, asked, planned=len(plan.pairs) if early else None)
    outcomes = mark_nondeterministic(outcomes, asked.repeats)
    timing = Timing(
        began=began,
        wall_seconds=time.perf_counter() - started,
        model_seconds=clock.model_seconds,
        asked=clock.asked,
        from_store=clock.from_store,
    )
    return assemble(
        judged,
        model,
        task=task,
        adapter=adapter,
        precision=precision,
        tokenizer=tokenizer,
        outcomes=outcomes,
        slices=known,
        gate=decision,
        noise_floor=noise_floor(asked.repeats),
        attribution=(
            attribute(
                beside.control, _with_misspelled(beside.control, outcomes, answers), seed=plan.seed
            )
            if beside.control
            else no_attribution(model)
        ),
        extras=extra_results(beside.extras, answers, outcomes, model),
        requests=2 * len(judged.pairs) + len(beside.prompts),
        prompts=planned.prompts,
        timing=timing,
        command=command or sys.argv,
    )


def gate_preview(plan: Plan, model: QAModel, rules: Sequence[Rule]) -> str:
    """What an audit of this plan can tell from each threshold, in one line, before anything is asked.

    Raises:
        InputError: A rule names an unknown slice.
    """
    known = slices(model, _tokenizer(model), plan.pairs)
    return detectable_sentence(watches(rules, known), plan.pairs)


def _tokenizer(model: QAModel) -> Tokenizer | None:
    return load_tokenizer(model.tokenizer_path, name=model.spec) if model.tokenizer_path else None


def _to(listeners: Sequence[Listener]) -> Listener:
    """One listener that passes every event on."""

    def emit(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return emit


def _beside(plan: Plan, model: QAModel, tokenizer: Tokenizer | None, *, extras: bool) -> _Beside:
    control = draw_control(plan, tokenizer) if tokenizer and honours_cut(model) else None
    return _Beside(control, draw_extras(plan) if extras else Extras((), ()))


def _planned(plan: Plan, beside: _Beside) -> Planned:
    """How many distinct prompts there are; a case's id stands for its prompt, which is larger."""
    ids = {case.id for pair in plan.pairs for case in (pair.baseline, pair.case)}
    further = {
        prompt
        for prompt in beside.prompts
        if prompt.cut or case_id(prompt.question, prompt.context, prompt.options) not in ids
    }
    return Planned(len(plan.pairs), len(ids) + len(further))


def _ask_plan(
    plan: Plan,
    watched: Sequence[Watch],
    ask: Callable[[Sequence[Pair]], list[Outcome]],
    repeat: Callable[[Sequence[Outcome]], list[Outcome]],
    *,
    early: bool,
    repeats: int,
) -> Early:
    """Ask all pairs, or as many as the decision needs; and some questions twice, drawn at random.

    Returns:
        What was asked, the outcomes in the plan's order.
    """
    rows = drawn(plan)
    if early:
        order = [plan.pairs[row] for row in rows]
        asked = ask_until_settled(order, watched, ask, repeat, first=repeats)
        by_row = dict(zip(rows, asked.outcomes, strict=False))
        return replace(asked, outcomes=[by_row[row] for row in sorted(by_row)])
    outcomes = ask(plan.pairs)
    return Early(outcomes, repeat([outcomes[row] for row in rows]), None)


def _gate(
    watched: Sequence[Watch], outcomes: Sequence[Outcome], asked: Early, *, planned: int | None
) -> dict[str, Any]:
    """The ``gate`` of ``audit.json``; the noise floor is subtracted, so no pair is left out for noise."""
    seen = [evidence(watch, outcomes, asked.repeats) for watch in watched]
    decided = gate(decide([w.rule for w in watched], with_bounds(seen, asked.bounds)))
    return decided if planned is None else decided | {"early": saved(planned, asked)}


@lru_cache(maxsize=65_536)
def _shared(value: _Value) -> _Value:
    """The same object for equal judgements, or answers: a million pairs have few different ones."""
    return value


def _outcome(pair: Pair, case: Case, answers: Mapping[Prompt, Answer]) -> Outcome:
    """The outcome of a pair, whose misspelled case is at hand already."""
    before, after = answers.get(pair.baseline.prompt), answers.get(case.prompt)
    if before is None or after is None:
        right = before is not None and is_right(case, before.text)
        return Outcome(pair, before, after, Judgement(Verdict.ERROR, right, right=False))
    judgement = _shared(judge(case, before.text, after.text))
    return Outcome(pair, _shared(before), _shared(after), judgement)


def _with_misspelled(
    control: Control, outcomes: Iterable[Outcome], answers: Mapping[Prompt, Answer]
) -> Mapping[Prompt, Answer]:
    """The answers, and those to the misspelled names of the control's pairs."""
    drawn_pairs = {_name_of(arms.pair) for arms in control.arms}
    found = (outcome for outcome in outcomes if _name_of(outcome.pair) in drawn_pairs)
    return {**answers, **{o.pair.case.prompt: o.answer for o in found if o.answer is not None}}


def _name_of(pair: Pair) -> tuple[str, str]:
    """Which of a plan's pairs it is, without writing its case."""
    return pair.baseline.id, pair.misspelling.text
