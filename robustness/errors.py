"""The two families of errors: the tool is wrong, or the model is wrong.

`RobustnessError` and its children mean that an audit could not be done as asked: bad input, a missing
package, a full disk. They carry the exit code of the command line and one line that says what to do.
`PropertyViolation` and its children mean that the audit was done and the *model* broke a property; they
carry data, so that a test or a report can show it in its own words. This module does not print anything.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
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


@dataclass(eq=False, kw_only=True)
class PropertyViolation(AssertionError):
    """The model is wrong: a property of its answers or tokens does not hold."""

    case_id: str = ""
    """Id of what was asked, for a replay; empty where nothing was."""

    def __str__(self) -> str:
        return f"{self.said} (case {self.case_id})" if self.case_id else self.said

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return type(self).__name__


@dataclass(eq=False, kw_only=True)
class InvarianceViolation(PropertyViolation):
    """Another way to write a drug's name changed the answer."""

    intended: str
    """The correct name."""
    written: str
    """The name as written."""
    distance: int
    """Edit distance between them (optimal string alignment)."""
    question: str
    """The question as asked with the correct name."""
    expected: str
    """The answer to the correct name."""
    answered: str
    """The answer to the name as written."""
    gold: str
    """The right answer."""
    verdict: str
    """Which way it went wrong, see `robustness.verdicts.Verdict`."""

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        edits = f"{self.distance} edit{'' if self.distance == 1 else 's'}"
        return (
            f"{self.verdict}: {self.intended!r} written {self.written!r} ({edits}) changed the answer "
            f"from {self.expected!r} to {self.answered!r} (gold {self.gold!r}; question {self.question!r})"
        )


class MisspellingInvarianceViolation(InvarianceViolation):
    """A misspelled drug name changed the answer."""


class FormattingInvarianceViolation(InvarianceViolation):
    """The right letters, set otherwise, changed the answer."""


class UnicodeInvarianceViolation(InvarianceViolation):
    """The same name in other characters changed the answer."""


class NamingEquivalenceViolation(InvarianceViolation):
    """The drug's brand name got another answer than its generic name."""


@dataclass(eq=False, kw_only=True)
class LookAlikesViolation(PropertyViolation):
    """A question about one drug got the answer of another one whose name looks alike; both names were correct."""

    drug: str
    """The drug asked about."""
    other: str
    """The drug whose answer was given."""
    question: str
    answered: str
    gold: str
    """The right answer."""

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return (
            f"{self.drug!r} got the answer of {self.other!r}: {self.answered!r} (right: {self.gold!r}; "
            f"question {self.question!r})"
        )


@dataclass(eq=False, kw_only=True)
class InventedDrugViolation(PropertyViolation):
    """A question about a drug that does not exist was answered."""

    name: str
    """The invented name."""
    question: str
    answered: str

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"the invented drug {self.name!r} got the answer {self.answered!r} (question {self.question!r})"


@dataclass(eq=False, kw_only=True)
class OrderViolation(PropertyViolation):
    """The same question got another answer when what it rests on came in another order."""

    drug: str
    question: str
    moved: int
    """How many neighbours have to change places to get from one order to the other."""
    expected: str
    """The answer in the first order."""
    answered: str
    """The answer in the other order."""
    gold: str

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return (
            f"another order ({self.moved} swap{'' if self.moved == 1 else 's'}) changed the answer from "
            f"{self.expected!r} to {self.answered!r} (gold {self.gold!r}; question {self.question!r})"
        )


class LeafletOrderViolation(OrderViolation):
    """The sentences of a leaflet in another order changed the answer."""


class OptionOrderViolation(OrderViolation):
    """The options in another order changed the choice."""


@dataclass(eq=False, kw_only=True)
class DeterminismViolation(PropertyViolation):
    """The very same prompt got two answers."""

    question: str
    first: str
    second: str

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return (
            f"asked twice, answered {self.first!r} and {self.second!r} (question {self.question!r})"
        )


@dataclass(eq=False, kw_only=True)
class RoundTripViolation(PropertyViolation):
    """A tokenizer's ids of a name stand for another text."""

    written: str
    decoded: str

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"{self.written!r} comes back from its token ids as {self.decoded!r}"


@dataclass(eq=False, kw_only=True)
class TokenCollisionViolation(PropertyViolation):
    """Two texts that mean different drugs have the same token ids."""

    written: str
    other: str
    ids: tuple[int, ...]

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"{self.written!r} and {self.other!r} have the same token ids {list(self.ids)}"


@dataclass(eq=False, kw_only=True)
class OffsetsViolation(PropertyViolation):
    """The places that a tokenizer gives for its pieces do not cover the name in order."""

    written: str
    spans: tuple[tuple[int, int], ...]
    """Start and exclusive end of each piece, in characters."""

    @property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"the offsets of {self.written!r} are {list(self.spans)}"


@dataclass(eq=False, kw_only=True)
class CustomViolation(PropertyViolation):
    """A property of the user's own does not hold."""

    property: str
    message: str

    @builtins.property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"{self.property}: {self.message}"


@dataclass(eq=False, kw_only=True)
class VacuousPropertyViolation(PropertyViolation):
    """A property tested nothing, so it says nothing about the model."""

    property: str
    reason: str

    @builtins.property
    def said(self) -> str:
        """What happened, in one sentence without a full stop."""
        return f"{self.property} tested nothing: {self.reason}"


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
