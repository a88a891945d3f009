"""Run an audit in two phases: ask what the plan holds, then assemble the results from what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.answers.asking import Asking
from robustness.audit.ask_plan import Wanted, ask_plan
from robustness.audit.assembling import Record, assemble
from robustness.results.evidence import detectable_sentence, watches
from robustness.results.slices import slices
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.plan import Plan
    from robustness.gate import Rule
    from robustness.models import QAModel
    from robustness.tokenizers import Tokenizer

_NOTHING_SPECIAL = Asking()
_ALL = Wanted()
_NO_RECORD = Record()


def run_audit(
    plan: Plan,
    model: QAModel,
    *,
    rules: Sequence[Rule] = (),
    wanted: Wanted = _ALL,
    asking: Asking = _NOTHING_SPECIAL,
    record: Record = _NO_RECORD,
) -> dict[str, Any]:
    """Audit a model.

    Args:
        plan: What to ask.
        model: Whom to ask.
        rules: Thresholds of the gate.
        wanted: How much of the plan is asked, and what in addition to it.
        asking: Where answers come from and who listens.
        record: What the results tell about how the model was loaded and called.

    Returns:
        What ``audit.json`` holds, and under ``pairs`` the rows of ``pairs.csv``.

    Raises:
        InputError: A rule names an unknown slice.
    """
    tokenizer = _tokenizer(model)
    known = slices(model, tokenizer, plan.pairs)
    watched = watches(rules, known)
    asked = ask_plan(plan, model, tokenizer, watched, asking=asking, wanted=wanted)
    return assemble(asked, model, record, tokenizer=tokenizer, known=known, watched=watched)


def gate_preview(plan: Plan, model: QAModel, rules: Sequence[Rule]) -> str:
    """What an audit of this plan can tell from each threshold, in one line, before anything is asked.

    Raises:
        InputError: A rule names an unknown slice.
    """
    known = slices(model, _tokenizer(model), plan.pairs)
    return detectable_sentence(watches(rules, known), plan.pairs)


def _tokenizer(model: QAModel) -> Tokenizer | None:
    return load_tokenizer(model.tokenizer_path, name=model.spec) if model.tokenizer_path else None
