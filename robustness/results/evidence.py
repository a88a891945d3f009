"""What an audit shows of each rule of the gate, and what it could show before it began.

It puts counts and rules together; what follows from them is decided in `robustness.gate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.gate import Evidence
from robustness.results.metrics import METRICS
from robustness.results.outcome import Outcome
from robustness.results.slices import within
from robustness.statistics import detectable
from robustness.statistics.rates import sample_of
from robustness.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from robustness.gate import Rule
    from robustness.questions.pair import Pair
    from robustness.results.metrics import Metric
    from robustness.results.slices import Slices
    from robustness.statistics.rates import Sample


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule, and which outcomes it is about."""

    rule: Rule
    metric: Metric
    within: Callable[[Outcome], bool]
    """Whether an outcome is in the rule's slice."""

    def covers(self, outcome: Outcome) -> bool:
        """Whether the rule is about an outcome, as far as the plan tells."""
        return self.metric.about(outcome.pair) and self.within(outcome)

    def loss(self, outcome: Outcome) -> bool | None:
        """Whether an outcome went wrong for the rule; None when its answers do not count."""
        value = self.metric.value(outcome)
        return value if value is None else value is self.rule.is_loss

    def planned(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The pairs of a plan that the rule is about."""
        return [pair for pair in pairs if self.covers(_unanswered(pair))]


def watches(rules: Sequence[Rule], known: Slices) -> list[Watch]:
    """The rules with their metrics and slices.

    Raises:
        InputError: A rule names an unknown slice.
    """
    return [Watch(rule, METRICS[rule.metric], within(rule.slice, known)) for rule in rules]


def evidence(
    watch: Watch, outcomes: Iterable[Outcome], repeats: Sequence[Outcome]
) -> Evidence | None:
    """What was seen of one rule; None when no pair is about it.

    The noise floor is that of all questions asked twice, in whatever slice. Where none of them changed,
    nothing is subtracted.
    """
    found = watch.metric.measure(o for o in outcomes if watch.within(o))
    if not found[0]:
        return None
    pairs, _ = sample_of(*_losses(watch, found))
    return Evidence(pairs, len(found[0]), noise(watch, repeats))


def noise(watch: Watch, repeats: Iterable[Outcome]) -> Sample | None:
    """What went wrong for a rule without a misspelling; None where nothing did."""
    again = _losses(watch, watch.metric.measure(repeats))
    return sample_of(*again)[0] if any(again[0]) else None


def detectable_sentence(watched: Sequence[Watch], pairs: Sequence[Pair]) -> str:
    """What an audit of these pairs can tell from each threshold, in one line.

    The sentence is about a power of 80 % and the intraclass correlation that `detectable` assumes.
    """
    told = []
    for watch in watched:
        about = watch.planned(pairs)
        name = watch.rule.metric.replace("_", " ") + (
            f" ({watch.rule.slice})" if watch.rule.slice else ""
        )
        if not about:
            told.append(f"{name}: no pairs")
            continue
        below, above = detectable(
            watch.rule.limit,
            n=len(about),
            clusters=len({pair.drug.name for pair in about}),
            confidence=watch.rule.confidence,
        )
        ends = (below, above) if watch.rule.is_loss else (_left(below), _left(above))
        told.append(f"{name} passes at {_share(ends[0])} and fails at {_share(ends[1])}")
    return f"{len(pairs):,} pairs; with 80 % probability: {'; '.join(told)}"


def _losses(watch: Watch, measured: tuple[list[bool], list[str]]) -> tuple[list[bool], list[str]]:
    values, drugs = measured
    return [value is watch.rule.is_loss for value in values], drugs


def _left(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _share(share: float | None) -> str:
    return "no rate" if share is None else f"{share * 100:.1f} %"


def _unanswered(pair: Pair) -> Outcome:
    return Outcome(pair, None, None, Judgement(Verdict.ERROR, baseline_right=False, right=False))
