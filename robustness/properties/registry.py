"""The port of a property, and the register of all that there are.

A property makes its trials, which need no model, and checks a batch of them. Those of the user's own are
registered with three lines:

    @register_property("short-answers", "an answer has at most 20 words")
    def short_answers(trial, before, after):
        return len(after.text.split()) <= 20
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from robustness.errors import CustomViolation, InputError, PropertyViolation, nearest
from robustness.properties.trial import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.models import Answer
    from robustness.properties.subject import Subject
    from robustness.properties.trial import Request, Trial

_NO_ANSWER = "the model gave no answer"


class Property:
    """A statement about answers or tokens that must hold.

    Subclasses make trials and either judge one trial's answers or check a whole batch.
    """

    name: ClassVar[str] = ""
    """What it is called on the command line and in test ids."""
    description: ClassVar[str] = ""
    """What must hold, in one line."""
    share: ClassVar[int] = 1
    """Its share of a suite's budget, relative to the others'; 0 for what asks the model nothing."""
    must_always_hold: ClassVar[bool] = False
    """Whether a single counterexample fails it, whatever the threshold."""

    def unfit(self, subject: Subject) -> str:
        """Why the property does not apply to a model; the empty string where it does."""
        del subject
        return ""

    def trials(self, request: Request) -> list[Trial]:
        """What to try; the same for the same request, and fewer are the first of more."""
        raise NotImplementedError

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> PropertyViolation | None:
        """What the answers to a trial's prompts violate, or None where the property holds."""
        raise NotImplementedError

    def check(self, trials: Sequence[Trial], subject: Subject) -> list[Outcome]:
        """Ask all trials at once and judge them, in the same order."""
        answers = subject.ask(prompt for trial in trials for prompt in trial.prompts)
        return [self._outcome(trial, [answers.get(p) for p in trial.prompts]) for trial in trials]

    def _outcome(self, trial: Trial, answers: Sequence[Answer | None]) -> Outcome:
        given = [answer for answer in answers if answer is not None]
        said = tuple(answer.text for answer in given)
        if len(given) < len(answers):
            return Outcome(trial, error=_NO_ANSWER, answers=said)
        return Outcome(trial, self.judge(trial, given), answers=said)


PROPERTIES: dict[str, Property] = {}
"""Every property by name, in the order in which they are shown."""


def add_property(one: Property) -> Property:
    """Put a property into the register.

    Raises:
        InputError: There is one of this name already.
    """
    if one.name in PROPERTIES:
        raise InputError("There is a property of this name already", value=one.name)
    PROPERTIES[one.name] = one
    return one


def find_property(name: str) -> Property:
    """The property of this name.

    Raises:
        InputError: There is none; the message holds the nearest one.
    """
    if name not in PROPERTIES:
        raise InputError("No such property", value=name, hint=nearest(name, PROPERTIES))
    return PROPERTIES[name]


def register_property(
    name: str,
    description: str,
    *,
    trials: Callable[[Request], list[Trial]] | None = None,
    must_always_hold: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a property of one's own: decorates a function of a trial and its answers.

    The function is given the trial and one answer for each of its prompts. The property is violated where
    it returns False, raises a `PropertyViolation`, or fails an ``assert``.

    Args:
        name: What it is called; in kebab case.
        description: What must hold, in one line.
        trials: What to try. Default: pairs of a correct and a misspelled name.
        must_always_hold: Whether a single counterexample fails it, whatever the threshold.

    Raises:
        InputError: There is a property of this name already.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        made = _Custom(function, trials)
        vars(made).update(name=name, description=description, must_always_hold=must_always_hold)
        add_property(made)
        return function

    return register


class _Custom(Property):
    """A property that a user's function judges."""

    def __init__(
        self, function: Callable[..., Any], trials: Callable[[Request], list[Trial]] | None
    ) -> None:
        self._function, self._trials = function, trials

    def trials(self, request: Request) -> list[Trial]:
        """Those of the user's own, or misspelled pairs."""
        if self._trials:
            return self._trials(request)
        found = PROPERTIES["misspelling-invariance"].trials(request)
        return [replace(trial, label=f"{trial.label} ({self.name})") for trial in found]

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> PropertyViolation | None:
        """What the function says."""
        try:
            holds = self._function(trial, *answers)
        except PropertyViolation as violation:
            return violation
        except AssertionError as error:
            return self._violation(trial, str(error))
        return self._violation(trial, "") if holds is False else None

    def _violation(self, trial: Trial, message: str) -> CustomViolation:
        text = message.splitlines()[0] if message else f"does not hold for {trial.label}"
        return CustomViolation(case_id=trial.id, property=self.name, message=text)
