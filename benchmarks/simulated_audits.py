"""Audits with made-up answers, through the code that real ones go through: is stopping early right?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from robustness.audit.early_stop import ask_until_settled, with_bounds
from robustness.gate import Decision, decide, gate
from robustness.results.evidence import evidence, watches
from robustness.results.outcome import Outcome
from robustness.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.early_stop import Early
    from robustness.audit.plan import Plan
    from robustness.gate import Rule
    from robustness.questions.pair import Pair
    from robustness.results.evidence import Watch


@dataclass(frozen=True, slots=True)
class Stopped:
    """One simulated audit."""

    rate: float
    """True flip rate."""
    early: Decision
    """Decision of the audit that may stop."""
    full: Decision
    """Decision of the same audit when all pairs are asked."""
    asked: float
    """Share of the pairs that was asked before it stopped."""


def stop_early(
    plan: Plan, rules: Sequence[Rule], *, rate: float, correlation: float, seed: int
) -> Stopped:
    """Simulate one audit with and without an early stop.

    Args:
        plan: The pairs; their answers are made up.
        rules: The rules of the gate, without slices.
        rate: True flip rate.
        correlation: Intraclass correlation of flips within drugs.
        seed: Decides flips and the order of the pairs.
    """
    rng = np.random.default_rng(seed)
    made_up = _outcomes(plan, rate, correlation, rng)
    full = [made_up[i] for i in rng.permutation(len(plan.pairs))]
    order = [outcome.pair for outcome in full]
    watched, waiting = watches(rules, {}), iter(full)

    def ask(pairs: Sequence[Pair]) -> list[Outcome]:
        return list(islice(waiting, len(pairs)))

    early = ask_until_settled(order, watched, ask, lambda _: [])
    return Stopped(
        rate,
        early=_decide(watched, early.outcomes, early),
        full=_decide(watched, full, None),
        asked=len(early.outcomes) / len(order),
    )


def _outcomes(
    plan: Plan, rate: float, correlation: float, rng: np.random.Generator
) -> list[Outcome]:
    drugs = sorted({pair.drug.name for pair in plan.pairs})
    rates = np.full(len(drugs), rate)
    if correlation and 0 < rate < 1:
        total = (1 - correlation) / correlation
        rates = rng.beta(rate * total, (1 - rate) * total, len(drugs))
    flips = dict(zip(drugs, rates, strict=True))
    found = []
    for pair in plan.pairs:
        flipped = rng.random() < flips[pair.drug.name]
        verdict = Verdict.WRONG_ANSWER if flipped else Verdict.CONSISTENT
        judgement = Judgement(verdict, baseline_right=True, right=not flipped)
        found.append(Outcome(pair, None, None, judgement))
    return found


def _decide(watched: Sequence[Watch], outcomes: Sequence[Outcome], early: Early | None) -> Decision:
    seen = with_bounds(
        [evidence(watch, outcomes, []) for watch in watched], early.bounds if early else None
    )
    return Decision(gate(decide([watch.rule for watch in watched], seen))["decision"])
