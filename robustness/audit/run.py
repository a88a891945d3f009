"""Run a plan: ask the model, judge every pair, and put the results together."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from robustness.audit.engines.local import answer_prompts
from robustness.audit.events import BatchAnswered, Event, Planned
from robustness.audit.results import Outcome, Timing, assemble
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import Judgement, Verdict, is_right, judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    task: str | None = None,
    adapter: Path | None = None,
    store: Store | None = None,
    rules: Sequence[Rule] = (),
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

    prompts = [case.prompt for pair in plan.pairs for case in (pair.baseline, pair.case)]
    emit(Planned(len(plan.pairs), len(set(prompts))))
    answers = answer_prompts(model, prompts, store, emit)
    tokenizer = (
        load_tokenizer(model.tokenizer_path, name=model.spec) if model.tokenizer_path else None
    )
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
        task=task,
        adapter=adapter,
        tokenizer=tokenizer,
        outcomes=outcomes,
        rules=rules,
        timing=timing,
        command=command or sys.argv,
    )


def _outcome(pair: Pair, answers: dict[Prompt, Answer]) -> Outcome:
    before, after = answers.get(pair.baseline.prompt), answers.get(pair.case.prompt)
    if before is None or after is None:
        right = before is not None and is_right(pair.case, before.text)
        return Outcome(pair, before, after, Judgement(Verdict.ERROR, right, right=False))
    return Outcome(pair, before, after, judge(pair.case, before.text, after.text))
