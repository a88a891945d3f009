"""A part of the suite: one property and one drug, and what a test about it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from robustness.properties.batched import example_line, pair_of
from robustness.questions.pair import Pair

if TYPE_CHECKING:
    from robustness.properties import Finding, Outcome

NOTHING = "nothing"
"""In place of a drug where a property has no trial or does not apply: there is a test all the same."""
SHOWN = 3
"""Counterexamples that a test, or a property in the summary, shows."""


class Part(NamedTuple):
    """One property and one drug."""

    property: str
    drug: str


def part_id(part: Part) -> str:
    """What the test's id says.

    >>> part_id(Part("misspelling-invariance", "insulin lispro"))
    'misspelling-invariance-insulin_lispro'
    """
    return f"{part.property}-{part.drug.replace(' ', '_')}"


def own_outcomes(part: Part, finding: Finding) -> list[Outcome]:
    """The outcomes of a part, counterexamples first, the smallest before others."""
    own = [one for one in finding.outcomes if one.trial.drug == part.drug]
    return sorted(own, key=lambda one: (one.violation is None, one.trial.size))


def rate_words(finding: Finding) -> str:
    """The rate of a property with what it rests on, or why there is none."""
    rate = finding.rate
    if rate is None:
        return f"does not apply: {finding.skipped}" if finding.skipped else finding.vacuous
    needed = 1.0 if finding.of.must_always_hold else finding.threshold
    held = sum(one.holds for one in finding.judged)
    return (
        f"{held} of {rate.n} held ({rate.estimate:.1%}, 95 % interval {rate.low:.1%} to {rate.high:.1%}; "
        f"needed {needed:.0%}; gate {finding.decision.value})"
    )


def counterexample_lines(outcome: Outcome, *, spec: str, seed: int) -> list[str]:
    """A counterexample and the lines that replay it."""
    trial = outcome.trial
    lines = [
        str(outcome.violation),
        f"  replay: pytest --pyargs robustness.suite --robustness-model {spec} "
        f"--robustness-replay {trial.id}",
    ]
    if isinstance(trial.data, Pair) and _can_be_pasted(trial.data, seed):
        lines.append(f"  paste:  {example_line(trial.data, seed)}")
    return lines


def _can_be_pasted(pair: Pair, seed: int) -> bool:
    """Whether the line makes this very pair: a leaflet of another seed or with a brand in it is another one."""
    if pair.case.options:
        return False
    again = pair_of(pair.drug.name, pair.case.name, pair.case.relation, seed=seed)
    return again.case.id == pair.case.id
