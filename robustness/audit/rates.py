"""Rates of an audit: every metric, over all pairs and by slice.

Pairs that ended in an error or a nondeterminism are left out of every rate: an error is never a failure
and never a pass.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.statistics import Rate, clustered_rate
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.audit.results import Outcome

_LEFT_OUT = (Verdict.ERROR, Verdict.NONDETERMINISTIC)
METRICS = (
    "baseline_accuracy",
    "consistency",
    "flip_rate",
    "wrong_drug",
    "retained_accuracy",
    "abstained",
)


def metric_rates(outcomes: Sequence[Outcome]) -> dict[str, Rate | None]:
    """Every metric over some outcomes.

    ``baseline_accuracy`` counts each question with the correct name once; ``retained_accuracy`` is the
    share of pairs still right among those right with the correct name; the others are shares of pairs.
    """
    judged = [o for o in outcomes if o.judgement.verdict not in _LEFT_OUT]
    baselines = list({o.pair.baseline.id: o for o in judged}.values())
    right_before = [o for o in judged if o.judgement.baseline_right]

    def share(of: Sequence[Outcome], test: Callable[[Outcome], bool]) -> Rate | None:
        return clustered_rate([test(o) for o in of], [o.pair.drug.name for o in of])

    def verdict_share(verdict: Verdict) -> Rate | None:
        return share(judged, lambda o: o.judgement.verdict is verdict)

    consistency = verdict_share(Verdict.CONSISTENT)
    return {
        "baseline_accuracy": share(baselines, lambda o: o.judgement.baseline_right),
        "consistency": consistency,
        "flip_rate": consistency.complement if consistency else None,
        "wrong_drug": verdict_share(Verdict.WRONG_DRUG),
        "retained_accuracy": share(right_before, lambda o: o.judgement.right),
        "abstained": verdict_share(Verdict.ABSTAINED),
    }


def all_rates(
    outcomes: Sequence[Outcome], slices: dict[str, Callable[[Outcome], str]]
) -> dict[str, Any]:
    """The ``rates`` of ``audit.json``: overall, and by the value of each slice."""
    by: dict[str, Any] = {}
    for name, value_of in slices.items():
        groups: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            groups.setdefault(value_of(outcome), []).append(outcome)
        by[name] = {value: _saved(metric_rates(group)) for value, group in groups.items()}
    return {"overall": _saved(metric_rates(outcomes)), "by": by}


def _saved(rates: dict[str, Rate | None]) -> dict[str, Any]:
    return {name: asdict(rate) if rate else None for name, rate in rates.items()}
