"""What clinicians write for the same thing: units, frequencies, routes, forms, conditions, classes.

The table `answer_words.csv` says which wordings mean the same; each is written in the form that clinical
tokens have (lower case, no punctuation). Only exact synonyms stand there: mcg for microgram, but no
conversions; 500 mg and 0.5 g are different answers here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints

from robustness.drugs import table_path
from robustness.drugs.tables import Row, read_table

if TYPE_CHECKING:
    from pathlib import Path

Words = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+( [a-z0-9]+)*$", max_length=60)]


class _WordRow(Row):
    written: Words
    meaning: Words
    kind: Literal["unit", "frequency", "route", "form", "condition", "class"]


def read_words(path: Path) -> dict[str, str]:
    """What each wording of a table means.

    Raises:
        InputError: A bad file or row.
    """
    return {row.written: row.meaning for row in read_table(path, _WordRow)}


@cache
def units() -> frozenset[str]:
    """The words that say what a number counts, as clinical tokens have them.

    >>> {"mg", "day", "daily"} <= units()
    True
    """
    rows = read_table(table_path("answer_words"), _WordRow)
    return frozenset(row.meaning for row in rows if row.kind == "unit") | {
        "daily",
        "weekly",
        "monthly",
        "tablet",
        "capsule",
    }


def canonical(text: str) -> str:
    """A text of clinical tokens in which each wording of the table is replaced by what it means.

    >>> canonical("500 milligrams bid")
    '500 mg 2 times daily'
    """
    pattern, meanings = _shipped()
    return pattern.sub(lambda match: meanings[match[0]], text)


@cache
def _shipped() -> tuple[re.Pattern[str], dict[str, str]]:
    meanings = read_words(table_path("answer_words"))
    longest_first = sorted(meanings, key=lambda words: (-len(words), words))
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b"), meanings
