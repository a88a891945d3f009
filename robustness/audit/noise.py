"""The noise floor: how often an answer changes when nothing in the question does.

Some questions with the correct name are asked a second time. What changes then is no misspelling's doing:
the gate subtracts it, and pairs of such a question are `nondeterministic`. Second answers are kept in the
store under a name of their own, so that an audit that goes on ends with the same numbers.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from random import Random
from typing import TYPE_CHECKING, Any

from robustness.audit.metrics import METRICS
from robustness.audit.results import Outcome
from robustness.statistics import clustered_rate
from robustness.verdicts import Judgement, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from robustness.audit.plan import Plan
    from robustness.models import Answer, Prompt

DEFAULT_REPEATS = 100
_NOISY = ("flip_rate", "wrong_drug", "critical", "abstained")


def drawn(plan: Plan) -> list[int]:
    """The rows of a plan's pairs in random order."""
    order = list(range(len(plan.pairs)))
    Random(f"{plan.seed}/draw").shuffle(order)
    return order


def ask_again(
    outcomes: Iterable[Outcome],
    ask: Callable[[list[Prompt]], dict[Prompt, Answer]],
    *,
    limit: int,
) -> list[Outcome]:
    """Ask questions with the correct name a second time.

    Args:
        outcomes: What was answered before; the first distinct questions are taken, in this order.
        ask: Answers prompts afresh; a prompt that the model failed on is missing.
        limit: Largest number of questions.

    Returns:
        One outcome a question, whose second answer is to the correct name too.
    """
    answered = {o.pair.baseline.id: o for o in outcomes if o.baseline_answer is not None}
    chosen = list(answered.values())[:limit]
    answers = ask([o.pair.baseline.prompt for o in chosen]) if chosen else {}
    repeats = []
    for outcome in chosen:
        case, second = outcome.pair.baseline, answers.get(outcome.pair.baseline.prompt)
        if second is not None and outcome.baseline_answer is not None:
            judgement = judge(case, outcome.baseline_answer.text, second.text)
            pair = outcome.pair.with_cases(case, case)
            repeats.append(Outcome(pair, outcome.baseline_answer, second, judgement))
    return repeats


def mark_nondeterministic(outcomes: Sequence[Outcome], repeats: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes, with the verdict `nondeterministic` where the question itself got two answers."""
    unsteady = {o.pair.baseline.id for o in repeats if METRICS["flip_rate"].value(o)}
    return [
        replace(o, judgement=_nothing(o.judgement)) if o.pair.baseline.id in unsteady else o
        for o in outcomes
    ]


def noise_floor(repeats: Sequence[Outcome]) -> dict[str, Any] | None:
    """The ``noise_floor`` of ``audit.json``: what changed without a misspelling; None when nothing was repeated."""
    if not repeats:
        return None
    found = {name: clustered_rate(*METRICS[name].measure(repeats)) for name in _NOISY}
    return {name: asdict(rate) if rate else None for name, rate in found.items()}


def _nothing(judgement: Judgement) -> Judgement:
    verdict = judgement.verdict
    kept = verdict if verdict is Verdict.ERROR else Verdict.NONDETERMINISTIC
    return replace(judgement, verdict=kept, answered_for="")
