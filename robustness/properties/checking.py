"""Check properties on a model: plan, ask everything at once, and say of each what was found.

A property that tested nothing is violated and says why: it cannot pass by accident.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from robustness.errors import InputError, VacuousPropertyViolation
from robustness.gate import Decision, Evidence
from robustness.properties.registry import PROPERTIES, Property
from robustness.properties.subject import Subject
from robustness.statistics import clustered_rate
from robustness.statistics.rates import sample_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import QAModel
    from robustness.properties.trial import Outcome, Request, Trial
    from robustness.statistics.rates import Rate

DEFAULT_THRESHOLD = 0.95
"""Share of trials that must hold."""
_CONFIDENCE = 0.95
"""Of the two-sided interval that the gate looks at."""


@dataclass(frozen=True)
class Finding:
    """What was found of one property."""

    of: Property
    outcomes: tuple[Outcome, ...] = ()
    skipped: str = ""
    """Why the property does not apply to the model; the empty string where it does."""
    threshold: float = DEFAULT_THRESHOLD
    """Share of trials that must hold, 0 to 1; not looked at where the property must always hold."""

    @cached_property
    def judged(self) -> list[Outcome]:
        """Trials that say something: those without an error."""
        return [one for one in self.outcomes if not one.error]

    @cached_property
    def counterexamples(self) -> list[Outcome]:
        """Violations, the smallest first."""
        failing = [one for one in self.outcomes if one.violation]
        return sorted(failing, key=lambda one: one.trial.size)

    @cached_property
    def vacuous(self) -> str:
        """Why nothing was tested; the empty string where something was, or the property does not apply."""
        if self.skipped or self.judged:
            return ""
        if not self.outcomes:
            return "no trial could be made of the chosen drugs"
        return f"none of {len(self.outcomes)} trials got an answer"

    @cached_property
    def rate(self) -> Rate | None:
        """Share of trials that held, with its 95 % interval clustered by drug; None without any."""
        judged = self.judged
        return clustered_rate([one.holds for one in judged], [one.trial.drug for one in judged])

    @cached_property
    def decision(self) -> Decision:
        """What the gate says of the rate: inconclusive where the threshold lies inside the interval."""
        judged = self.judged
        if not judged:
            return Decision.INCONCLUSIVE
        if self.of.must_always_hold:
            return Decision.FAIL if self.counterexamples else Decision.PASS
        losses = [not one.holds for one in judged]
        sample, _ = sample_of(losses, [one.trial.drug for one in judged])
        low, high = Evidence(sample, len(judged)).interval(_CONFIDENCE)
        if high <= 1 - self.threshold:
            return Decision.PASS
        return Decision.FAIL if low > 1 - self.threshold else Decision.INCONCLUSIVE

    @cached_property
    def passed(self) -> bool:
        """Whether the rate reaches the threshold, or the property does not apply.

        The rate itself decides and not its interval, so that a small selection can pass; what the
        interval allows, see `decision`.
        """
        if self.skipped:
            return True
        rate = self.rate
        if rate is None:
            return False
        return rate.estimate >= (1.0 if self.of.must_always_hold else self.threshold)

    def complain(self) -> None:
        """Raise the smallest violation of a property that did not pass.

        Raises:
            VacuousPropertyViolation: Nothing was tested.
            PropertyViolation: The smallest counterexample.
        """
        if self.vacuous:
            raise VacuousPropertyViolation(property=self.of.name, reason=self.vacuous)
        if not self.passed:
            violation = self.counterexamples[0].violation
            assert violation is not None
            raise violation


def plan_trials(properties: Sequence[Property], request: Request) -> dict[str, tuple[Trial, ...]]:
    """The trials of properties, the budget shared out by their shares.

    Raises:
        InputError: The budget is no number of trials.
    """
    if request.budget < 1:
        raise InputError("Not a budget", value=request.budget, hint="Give a number of trials.")
    whole = sum(one.share for one in PROPERTIES.values()) or 1
    return {
        one.name: tuple(
            one.trials(replace(request, budget=max(1, request.budget * one.share // whole)))
        )
        for one in properties
    }


def check_trials(
    planned: dict[str, tuple[Trial, ...]], subject: Subject, *, threshold: float = DEFAULT_THRESHOLD
) -> dict[str, Finding]:
    """Ask all trials in one go and judge them, property by property.

    Args:
        planned: Trials by name of their property.
        subject: Whom to ask.
        threshold: Share of trials that must hold, 0 to 1.
    """
    subject.ask(
        prompt
        for name, trials in planned.items()
        if not PROPERTIES[name].unfit(subject)
        for trial in trials
        for prompt in trial.prompts
    )
    return {
        name: _finding(PROPERTIES[name], trials, subject, threshold)
        for name, trials in planned.items()
    }


def check_properties(
    model: QAModel,
    request: Request,
    *,
    properties: Sequence[Property] | None = None,
    threshold: float = DEFAULT_THRESHOLD,
) -> dict[str, Finding]:
    """Check properties of a model from beginning to end.

    Args:
        model: Whom to ask.
        request: What to try; its kind is taken from the model.
        properties: Which ones. Default: all there are.
        threshold: Share of trials that must hold, 0 to 1.

    Returns:
        Findings by name of the property.
    """
    subject = Subject(model)
    chosen = list(PROPERTIES.values()) if properties is None else properties
    planned = plan_trials(chosen, replace(request, kind=model.kind))
    return check_trials(planned, subject, threshold=threshold)


def _finding(one: Property, trials: Sequence[Trial], subject: Subject, threshold: float) -> Finding:
    if reason := one.unfit(subject):
        return Finding(one, skipped=reason, threshold=threshold)
    return Finding(one, tuple(one.check(trials, subject)), threshold=threshold)
