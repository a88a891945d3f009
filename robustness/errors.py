"""The two families of errors: the tool is wrong, or the model is wrong.

`RobustnessError` and its children mean that an audit could not be done as asked: bad input, a missing
package, a full disk. They carry the exit code of the command line and one line that says what to do.
`PropertyViolation` and its children mean that the audit was done and the *model* broke a property; they
carry data, so that a test or a report can show it in its own words. This module does not print anything.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_PASSED = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERNAL = 3
EXIT_INCONCLUSIVE = 4
EXIT_INTERRUPTED = 130


class RobustnessError(Exception):
    """The tool, the set-up or the input is wrong.

    Args:
        what: What is wrong, as the start of a sentence and without a full stop.
        hint: What to do about it, as a sentence.
        where: File, line, option or row that it was found in.
        value: The offending value, shown with ``repr`` and cut at 80 characters.
    """

    exit_code = EXIT_USAGE

    def __init__(
        self, what: str, *, hint: str = "", where: object = None, value: object = None
    ) -> None:
        self.what, self.hint, self.where, self.value = what, hint, where, value
        shown = "" if value is None else f": {_short(value)}"
        place = "" if where is None else f"{where}: "
        super().__init__(f"{place}{what}{shown}." + (f" {hint}" if hint else ""))


class InputError(RobustnessError):
    """A file, table, option or name that was given cannot be used."""


class ModelError(RobustnessError):
    """A model could not be loaded or used."""


class ModelRefusedError(ModelError):
    """A model cannot answer anything at all: wrong key, wrong name, nobody there. Asking on is useless."""


class OutputError(RobustnessError):
    """A result could not be written: no permission, no such folder, no space."""


class MissingPackageError(RobustnessError):
    """An optional part is not installed; the message holds the exact install line."""


class InternalError(RobustnessError):
    """A state that should be impossible: a defect of this tool."""

    exit_code = EXIT_INTERNAL


class PropertyViolation(AssertionError):
    """The model is wrong: a property of its answers or tokens does not hold."""


class MisspellingInvarianceViolation(PropertyViolation):
    """A misspelled drug name changed the answer.

    Attributes:
        case_id: Id of the case with the misspelling, for ``robustness replay``.
        intended, written: The correct and the misspelled name.
        distance: Edit distance between them (optimal string alignment).
        question: The question as asked with the correct name.
        expected, answered: The answers to the correct and to the misspelled name.
        gold: The answer that the leaflet holds.
        verdict: Which way it went wrong, see `robustness.verdicts.Verdict`.
    """

    def __init__(
        self,
        *,
        case_id: str,
        intended: str,
        written: str,
        distance: int,
        question: str,
        expected: str,
        answered: str,
        gold: str,
        verdict: str,
    ) -> None:
        self.case_id, self.intended, self.written = case_id, intended, written
        self.distance, self.question = distance, question
        self.expected, self.answered, self.gold, self.verdict = expected, answered, gold, verdict
        super().__init__(
            f"{verdict}: {intended!r} written {written!r} ({distance} edit"
            f"{'' if distance == 1 else 's'}) changed the answer from {expected!r} to {answered!r} "
            f"(gold {gold!r}; question {question!r}; case {case_id})"
        )


def nearest(value: str, choices: Iterable[str]) -> str:
    """A sentence that names the valid choice nearest to a wrong one.

    >>> nearest("metformn", ["metformin", "warfarin"])
    "Did you mean 'metformin'?"
    >>> nearest("qqqq", ["beta", "alpha"])
    "Choose one of 'alpha', 'beta'."
    """
    options = sorted(set(choices))
    close = get_close_matches(value.lower(), options, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = ", ".join(repr(option) for option in options[:8])
    return f"Choose one of {shown}{', ...' if len(options) > 8 else ''}."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
