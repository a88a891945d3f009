"""Run a plan: ask the model, judge every pair, and put the results together."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from robustness.audit.attribution import attribute, draw_control, no_attribution
from robustness.audit.engines.local import answer_prompts
from robustness.audit.events import BatchAnswered, Event, Planned
from robustness.audit.results import Outcome, Timing, assemble
from robustness.models import honours_cut
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import Judgement, Verdict, judge, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.events import Listener
    from robustness.audit.plan import Pair, Plan
    from robustness.audit.store import Store
    from robustness.gate import Rule
    from robustness.models import Answer, Prompt, QAModel


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


def run_audit(
    plan: Plan,
    model: QAModel,
    *,
    store: Store | None = None,
    rules: Sequence[Rule] = (),
    listeners: Sequence[Listener] = (),
    command: Sequence[str] = (),
) -> dict[str, Any]:
    """Audit a model.

    Args:
        plan: What to ask.
        model: Whom to ask.
        store: Keeps answers, and gives those that it has.
        rules: Thresholds of the gate.
        listeners: Hear every event, in this order, the store before them.
        command: The command line, for the record.

    Returns:
        The results, in the form of ``audit.json``.
    """
    started, began = time.perf_counter(), datetime.now(UTC)
    clock = _Clock()
    hearing: list[Listener] = [*([store.listen] if store else []), clock.listen, *listeners]

    def emit(event: Event) -> None:
        for listener in hearing:
            listener(event)

    tokenizer = (
        load_tokenizer(model.tokenizer_path, name=model.spec) if model.tokenizer_path else None
    )
    control = draw_control(plan, tokenizer) if tokenizer and honours_cut(model) else None
    prompts = [case.prompt for pair in plan.pairs for case in (pair.baseline, pair.case)]
    further = control.prompts if control else []
    emit(Planned(len(plan.pairs), len(set(prompts)) + len(set(further) - set(prompts))))
    answers = answer_prompts(model, prompts, store, emit)
    arms = answer_prompts(model, set(further) - set(prompts), store, emit) | answers
    outcomes = [_outcome(pair, answers) for pair in plan.pairs]
    timing = Timing(
        began=began,
        wall_seconds=time.perf_counter() - started,
        model_seconds=clock.model_seconds,
        asked=clock.asked,
        from_store=clock.from_store,
    )
    return assemble(
        plan,
        model,
        tokenizer=tokenizer,
        outcomes=outcomes,
        attribution=attribute(control, arms, seed=plan.seed) if control else no_attribution(model),
        rules=rules,
        timing=timing,
        command=command or sys.argv,
    )


def _outcome(pair: Pair, answers: dict[Prompt, Answer]) -> Outcome:
    before, after = answers.get(pair.baseline.prompt), answers.get(pair.case.prompt)
    if before is None or after is None:
        right = before is not None and same(before.text, pair.case.gold)
        return Outcome(pair, before, after, Judgement(Verdict.ERROR, right, right=False))
    return Outcome(pair, before, after, judge(pair.case, before.text, after.text))
