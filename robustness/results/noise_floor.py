"""The noise floor: how often an answer changes when nothing in the question does. This module asks nothing."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from robustness.results.metrics import METRICS
from robustness.statistics import clustered_rate
from robustness.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.results.outcome import Outcome


_NOISY = ("flip_rate", "wrong_drug", "critical", "abstained")


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
