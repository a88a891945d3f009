"""The misspellings that people really typed, from `misspellings.csv`.

What was left out of the table, and why, is told in `fixtures/drug_names/SOURCES.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from rapidfuzz.distance import OSA

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


class ObservedMisspellings(Mapping[str, tuple[Misspelling, ...]]):
    """Misspellings by intended name; their edits are worked out when a name is first asked for.

    Args:
        rows: The rows of each intended name, in the order in which they are given.
    """

    def __init__(self, rows: dict[str, list[_MisspellingRow]]) -> None:
        self._rows = rows
        self._told: dict[str, tuple[Misspelling, ...]] = {}

    def __getitem__(self, intended: str) -> tuple[Misspelling, ...]:
        """The misspellings of a name, the most reported first, ties in alphabetical order."""
        if intended not in self._told:
            self._told[intended] = tuple(
                describe(row.misspelling, intended, "observed", reports=row.reports)
                for row in self._rows[intended]
            )
        return self._told[intended]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def read_observed(path: Path) -> ObservedMisspellings:
    """Read a table of observed misspellings.

    Raises:
        InputError: A bad file or row, or a distance that is not the edit distance of its two names.
    """
    found: dict[str, list[_MisspellingRow]] = {}
    for line, row in enumerate(read_table(path, _MisspellingRow), start=2):
        distance = OSA.distance(row.misspelling, row.intended)
        if distance != row.distance:
            raise InputError(
                "Wrong edit distance",
                where=f"{path}, line {line}",
                value=row.distance,
                hint=f"{row.misspelling!r} is {distance} edits from {row.intended!r}.",
            )
        found.setdefault(row.intended, []).append(row)
    for group in found.values():
        group.sort(key=lambda row: (-row.reports, row.misspelling))
    return ObservedMisspellings(found)


@cache
def load_observed() -> ObservedMisspellings:
    """The shipped observed misspellings, by intended name."""
    return read_observed(table_path("misspellings"))
