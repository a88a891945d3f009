"""Run a plan: ask the model, judge every pair, and put the results together."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from robustness.audit.asking import answer_prompts
from robustness.audit.attribution import Control, attribute, draw_control, no_attribution
from robustness.audit.early import Early, ask_until_settled, saved, with_bounds
from robustness.audit.events import BatchAnswered, Event, Planned
from robustness.audit.evidence import detectable_sentence, evidence, watches
from robustness.audit.extras import Extras, draw_extras, extra_results
from robustness.audit.noise import ask_again, drawn, mark_nondeterministic, noise_floor
from robustness.audit.results import Outcome, Timing, assemble
from robustness.audit.slices import slices
from robustness.gate import decide, gate
from robustness.models import honours_cut
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import Judgement, Verdict, is_right, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from robustness.audit.engines.engine import Engine
    from robustness.audit.events import Listener
    from robustness.audit.evidence import Watch
    from robustness.audit.plan import Pair, Plan
    from robustness.audit.store import Store
    from robustness.gate import Rule
    from robustness.models import Answer, Prompt, QAModel
    from robustness.tokenizers import Tokenizer


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
            `robustness.audit.extras`.
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
    emit(_planned(plan, beside))
    answers: dict[Prompt, Answer] = {}

    def ask(pairs: Sequence[Pair]) -> list[Outcome]:
        new = [prompt for prompt in _prompts(pairs) if prompt not in answers]
        answers.update(answer_prompts(model, new, store, emit, engine=engine))
        return [_outcome(pair, answers) for pair in pairs]

    def repeat(outcomes: Sequence[Outcome]) -> list[Outcome]:
        with store.repeats() if store else nullcontext() as second:
            heard = [*([second.listen] if second else []), clock.listen]
            asking = partial(answer_prompts, model, store=second, emit=_to(heard), engine=engine)
            return ask_again(outcomes, asking, limit=repeats)

    asked = _ask_plan(plan, watched, ask, repeat, early=early, repeats=repeats)
    place = {pair.case.id: number for number, pair in enumerate(plan.pairs)}
    outcomes = sorted(asked.outcomes, key=lambda outcome: place[outcome.pair.case.id])
    judged = replace(plan, pairs=tuple(outcome.pair for outcome in outcomes))
    if len(judged.pairs) < len(plan.pairs):
        beside = _beside(judged, model, tokenizer, extras=extras)
        emit(_planned(judged, beside))
    further = [prompt for prompt in beside.prompts if prompt not in answers]
    answers |= answer_prompts(model, further, store, emit, engine=engine)
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
            attribute(beside.control, answers, seed=plan.seed)
            if beside.control
            else no_attribution(model)
        ),
        extras=extra_results(beside.extras, answers, outcomes, model),
        beside=beside.prompts,
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
    return Planned(len(plan.pairs), len({*_prompts(plan.pairs), *beside.prompts}))


def _prompts(pairs: Sequence[Pair]) -> list[Prompt]:
    return [case.prompt for pair in pairs for case in (pair.baseline, pair.case)]


def _ask_plan(
    plan: Plan,
    watched: Sequence[Watch],
    ask: Callable[[Sequence[Pair]], list[Outcome]],
    repeat: Callable[[Sequence[Outcome]], list[Outcome]],
    *,
    early: bool,
    repeats: int,
) -> Early:
    """Ask all pairs, or as many as the decision needs; and some questions twice, drawn at random."""
    order = drawn(plan)
    if early:
        return ask_until_settled(order, watched, ask, repeat, first=repeats)
    outcomes = ask(plan.pairs)
    by_case = {outcome.pair.case.id: outcome for outcome in outcomes}
    return Early(outcomes, repeat([by_case[pair.case.id] for pair in order]), None)


def _gate(
    watched: Sequence[Watch], outcomes: Sequence[Outcome], asked: Early, *, planned: int | None
) -> dict[str, Any]:
    """The ``gate`` of ``audit.json``; the noise floor is subtracted, so no pair is left out for noise."""
    seen = [evidence(watch, outcomes, asked.repeats) for watch in watched]
    decided = gate(decide([w.rule for w in watched], with_bounds(seen, asked.bounds)))
    return decided if planned is None else decided | {"early": saved(planned, asked)}


@lru_cache(maxsize=4096)
def _shared(judgement: Judgement) -> Judgement:
    """The same object for equal judgements: a million pairs have few different ones."""
    return judgement


def _outcome(pair: Pair, answers: dict[Prompt, Answer]) -> Outcome:
    before, after = answers.get(pair.baseline.prompt), answers.get(pair.case.prompt)
    if before is None or after is None:
        right = before is not None and is_right(pair.case, before.text)
        return Outcome(pair, before, after, Judgement(Verdict.ERROR, right, right=False))
    return Outcome(pair, before, after, _shared(judge(pair.case, before.text, after.text)))
