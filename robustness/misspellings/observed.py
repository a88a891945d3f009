"""The misspellings that people really typed, from `misspellings.csv`.

What was left out of the table, and why, is told in `fixtures/drug_names/SOURCES.md`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from robustness.drugs.drug import Name
from robustness.drugs.tables import Row, read_table, table_path
from robustness.errors import InputError
from robustness.misspellings.misspelling import Misspelling, describe

if TYPE_CHECKING:
    from pathlib import Path


class _MisspellingRow(Row):
    misspelling: Name
    intended: Name
    distance: Annotated[int, Field(ge=1, le=2)]
    source: Literal["faers", "redmed", "faers;redmed"]
    reports: Annotated[int, Field(ge=0)]


def read_observed(path: Path) -> dict[str, tuple[Misspelling, ...]]:
    """Read a table of observed misspellings.

    Returns:
        Misspellings by intended name, the most reported first, ties in alphabetical order.

    Raises:
        InputError: A bad file or row, or a distance that is not the edit distance of its two names.
    """
    found: dict[str, list[Misspelling]] = {}
    for line, row in enumerate(read_table(path, _MisspellingRow), start=2):
        misspelling = describe(row.misspelling, row.intended, "observed", reports=row.reports)
        if misspelling.distance != row.distance:
            raise InputError(
                "Wrong edit distance",
                where=f"{path}, line {line}",
                value=row.distance,
                hint=f"{row.misspelling!r} is {misspelling.distance} edits from {row.intended!r}.",
            )
        found.setdefault(row.intended, []).append(misspelling)
    return {
        intended: tuple(sorted(group, key=lambda m: (-m.reports, m.text)))
        for intended, group in found.items()
    }


@cache
def load_observed() -> dict[str, tuple[Misspelling, ...]]:
    """The shipped observed misspellings, by intended name."""
    return read_observed(table_path("misspellings"))
