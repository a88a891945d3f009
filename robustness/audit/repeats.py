"""The noise floor: how often an answer changes when nothing in the question does.

Some questions with the correct name are asked a second time. What changes then is no misspelling's doing:
the gate subtracts it, and pairs of such a question are `nondeterministic`. Second answers are kept in the
store under a name of their own, so that an audit that goes on ends with the same numbers.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from robustness.results.outcome import Outcome
from robustness.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from robustness.audit.plan import Plan
    from robustness.models import Answer, Prompt

DEFAULT_REPEATS = 100


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
