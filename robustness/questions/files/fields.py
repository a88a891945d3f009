"""From a record to a row: what its fields mean, and what is wrong with them.

Fields, in any case: ``question``; ``context``, ``category`` or ``subject_name`` (optional); options as
``options`` or ``choices`` (a list, an object by letter, or in CSV a list in JSON) or as ``opa`` to
``ope``; the answer as ``answer`` or ``answers`` (text, number, a list of wordings, or SQuAD's object), or,
where there are options, as ``answer_idx`` (letter or number from 0) or ``cop``.

``cop`` is MedMCQA's: counted from 0 in the form that is shared today, from 1 in its first publication. A
file in which some ``cop`` is 4 is taken for the latter.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError
from robustness.questions.files.records import HALF_CHARACTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions.files.records import Record

LONGEST_TEXT = 1_000_000
"""Characters of a question, context, answer or option."""
_OPTION_COLUMNS = ("opa", "opb", "opc", "opd", "ope")


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a file."""

    place: str
    """Where it stands in the file."""
    question: str
    answers: tuple[str, ...]
    """Wordings of the right answer, the first one is shown; one empty text where there is no answer."""
    context: str
    """What to read; empty for none."""
    options: tuple[str, ...]
    """What to choose from; empty for a free answer."""
    category: str
    """What the question is about; empty where the file does not say."""


def counted_from(records: Sequence[Record]) -> int:
    """What a file's ``cop`` is counted from, 0 or 1."""
    return int(any(str(record.values.get("cop")).strip() == "4" for record in records))


def parse_row(record: Record, *, cop_from: int = 0) -> Row:
    """The row of a record.

    Args:
        record: As it was read.
        cop_from: What ``cop`` is counted from.

    Raises:
        InputError: The record could not be read, or a field is missing or bad; the message names it.

    >>> from robustness.questions.files.records import Record
    >>> values = {"question": "Which?", "options": {"A": "x", "B": "y"}, "answer_idx": "B"}
    >>> parse_row(Record("line 1", values)).answers
    ('y',)
    """
    if record.problem:
        raise InputError(f"The row cannot be read: {record.problem}", where=record.place)
    values = {name: value for name, value in record.values.items() if value is not None}
    fields = _Fields(record.place, values)
    question, context = fields.text("question"), fields.text("context", default="")
    options = fields.options()
    if options:
        answers: tuple[str, ...] = (fields.chosen(options, cop_from),)
    else:
        answers = fields.answers()
    if values.get("in_context") and not any(answer in context for answer in answers):
        raise fields.bad("answers", answers[0], "The context does not hold it.")
    category = fields.text("category", default="") or fields.text("subject_name", default="")
    return Row(record.place, question, answers, context, tuple(options.values()), category)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The values of one record, with where it stands."""

    place: str
    values: dict[str, Any]

    def bad(self, field: str, value: Any, hint: str) -> InputError:
        return InputError(f"Bad value in field {field!r}", where=self.place, value=value, hint=hint)

    def text(self, field: str, *, default: str | None = None) -> str:
        if field not in self.values:
            if default is not None:
                return default
            raise InputError("Missing field", where=self.place, value=field, hint="Add it.")
        value = self.values[field]
        return self.checked(field, value, empty=default is not None)

    def checked(self, field: str, value: Any, *, empty: bool = False) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.bad(field, value, "It must be text.")
        if not value.strip() and not empty:
            raise self.bad(field, value, "It must not be empty.")
        if len(value) > LONGEST_TEXT:
            raise self.bad(field, value, f"It has more than {LONGEST_TEXT:,} characters.")
        if HALF_CHARACTER.search(value):
            raise self.bad(field, value, "It holds half of a surrogate pair.")
        return value

    def options(self) -> dict[str, str]:
        """The options by letter, in their order; empty where the row has none."""
        name = next((each for each in ("options", "choices") if each in self.values), "")
        value = self.values.get(name)
        if not name:
            columns = [each for each in _OPTION_COLUMNS if each in self.values]
            name, value = "options", [self.values[each] for each in columns]
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise self.bad(name, value, "Write a list in JSON.") from None
        if isinstance(value, list) and all(
            isinstance(each, dict) and set(each) >= {"key", "value"} for each in value
        ):
            value = {each["key"]: each["value"] for each in value}
        if isinstance(value, list):
            value = dict(zip(ascii_uppercase, value, strict=False))
        if not isinstance(value, dict):
            raise self.bad(name, value, "It must be a list or an object by letter.")
        found = {str(key): self.checked(name, each) for key, each in value.items() if each != ""}
        if len(found) == 1 or len(found) != len({each.strip() for each in found.values()}):
            raise self.bad(name, value, "Give two or more that differ.")
        return found

    def chosen(self, options: dict[str, str], cop_from: int) -> str:
        """The option that is right."""
        if "cop" in self.values:
            return self._numbered("cop", options, cop_from)
        field = next((each for each in ("answer_idx", "answer") if each in self.values), "answer")
        value = self.text(field).strip()
        by_letter = {key.strip().upper(): option for key, option in options.items()}
        by_text = {option.strip(): option for option in options.values()}
        if field == "answer" and value in by_text:
            return by_text[value]
        if value.upper() in by_letter:
            return by_letter[value.upper()]
        if 0 <= _number(value) < len(options):
            return self._numbered(field, options, 0)
        raise self.bad(field, value, "It must be one of the options, or its letter.")

    def _numbered(self, field: str, options: dict[str, str], start: int) -> str:
        value = self.text(field).strip()
        place = _number(value) - start
        if not 0 <= place < len(options):
            raise self.bad(field, value, f"It must be a number from {start} that has an option.")
        return list(options.values())[place]

    def answers(self) -> tuple[str, ...]:
        """The wordings of a free answer."""
        field = next((each for each in ("answer", "answers") if each in self.values), "answer")
        value = self.values.get(field)
        if isinstance(value, dict) and isinstance(value.get("text"), list):
            if not value["text"]:
                return ("",)
            value = value["text"]
        wordings = value if isinstance(value, list) else [self.text(field)]
        if not wordings:
            raise self.bad(field, value, "It must not be empty.")
        return tuple(dict.fromkeys(self.checked(field, each) for each in wordings))


def _number(text: str) -> int:
    """A short number of ASCII digits, or -1: superscripts and a thousand digits are none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
