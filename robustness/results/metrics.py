"""The metrics of an audit: which outcomes each is about, and what counts as a success.

Pairs that ended in an error or a nondeterminism are left out of every metric: an error is never a failure
and never a pass. This module counts; intervals are made in `robustness.statistics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.results.severity import at_stake, severity
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from robustness.questions.pair import Pair
    from robustness.results.outcome import Outcome

_LEFT_OUT = (Verdict.ERROR, Verdict.NONDETERMINISTIC)


@dataclass(frozen=True, slots=True)
class Metric:
    """A share of outcomes."""

    success: Callable[[Outcome], bool]
    """What is counted."""
    about: Callable[[Pair], bool] = lambda _: True
    """Which pairs it is about, as far as the plan tells."""
    counts: Callable[[Outcome], bool] = lambda _: True
    """Which of them it is about once they are answered."""
    once: bool = False
    """Whether each question with the correct name counts once, and not each pair."""

    def value(self, outcome: Outcome) -> bool | None:
        """Whether an outcome is a success; None when the metric is not about it."""
        if outcome.judgement.verdict in _LEFT_OUT or not self.about(outcome.pair):
            return None
        return self.success(outcome) if self.counts(outcome) else None

    def measure(self, outcomes: Iterable[Outcome]) -> tuple[list[bool], list[str]]:
        """Successes and the drug of each, over the outcomes that the metric is about."""
        values, drugs, seen = [], [], set()
        for outcome in outcomes:
            value, question = self.value(outcome), outcome.pair.baseline.id
            if value is None or (self.once and question in seen):
                continue
            seen.add(question)
            values.append(value)
            drugs.append(outcome.pair.drug.name)
        return values, drugs


def _ended(verdict: Verdict) -> Metric:
    return Metric(lambda outcome: outcome.judgement.verdict is verdict)


METRICS = {
    "baseline_accuracy": Metric(lambda o: o.judgement.baseline_right, once=True),
    "misspelled_accuracy": Metric(lambda o: o.judgement.right),
    "consistency": _ended(Verdict.CONSISTENT),
    "flip_rate": Metric(lambda o: o.judgement.verdict is not Verdict.CONSISTENT),
    "wrong_drug": _ended(Verdict.WRONG_DRUG),
    "critical": Metric(lambda o: severity(o.pair.drug, o.judgement) == "critical", about=at_stake),
    "retained_accuracy": Metric(
        lambda o: o.judgement.right, counts=lambda o: o.judgement.baseline_right
    ),
    "abstained": _ended(Verdict.ABSTAINED),
}
"""``critical`` is a share of the pairs at stake (see `at_stake`), ``retained_accuracy`` one of the pairs that
were right with the correct name, ``baseline_accuracy`` one of the questions, the others are shares of pairs."""
