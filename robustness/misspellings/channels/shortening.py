"""Names cut short, and the abbreviations that stand for them: ``metform``, ``MTX``, ``HCTZ``.

Abbreviations come from `abbreviations.csv`. Many are read as another drug too (AZT as azathioprine):
these carry the operator `AMBIGUOUS`. A model that is asked about an ambiguous abbreviation does well to
ask back, so it is no case for invariance. Truncations that are as near to another drug are left out when
drawing, see `registry`. Expanding an abbreviation is not done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from robustness.drugs.drug import Name
from robustness.drugs.tables import Row, read_table, table_path
from robustness.errors import InputError
from robustness.misspellings.channels.channel import Channel, Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AMBIGUOUS = "ambiguous abbreviation"
"""Operator of an abbreviation that is read as another drug too."""

FEWEST_LETTERS = 3
"""A truncation keeps at least so many characters."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form that stands for a drug."""

    text: str
    """As it is written: ``MTX``."""
    name: str
    """The drug's name, lower case."""
    also_read_as: tuple[str, ...]
    """Other drugs that it stands for, or is taken for."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether it is read as another drug too."""
        return bool(self.also_read_as)


class _AbbreviationRow(Row):
    abbreviation: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,10}$")]
    name: Name
    also_read_as: Annotated[str, StringConstraints(max_length=120)]


def read_abbreviations(path: Path) -> dict[str, tuple[Abbreviation, ...]]:
    """Read a table of abbreviations.

    Returns:
        Abbreviations by the name of the drug, in the order of the file.

    Raises:
        InputError: A bad file or row, or an abbreviation that stands twice.
    """
    found: dict[str, list[Abbreviation]] = {}
    seen: set[str] = set()
    for line, row in enumerate(read_table(path, _AbbreviationRow), start=2):
        if row.abbreviation in seen:
            raise InputError(
                "Abbreviation listed twice",
                where=f"{path}, line {line}",
                value=row.abbreviation,
                hint="Keep one, and name the other drug in also_read_as.",
            )
        seen.add(row.abbreviation)
        others = tuple(other for other in row.also_read_as.split(";") if other)
        found.setdefault(row.name, []).append(Abbreviation(row.abbreviation, row.name, others))
    return {name: tuple(group) for name, group in found.items()}


@cache
def load_abbreviations() -> dict[str, tuple[Abbreviation, ...]]:
    """The shipped abbreviations, by the name of the drug."""
    return read_abbreviations(table_path("abbreviations"))


def _spell(name: str) -> Iterator[Spelling]:
    for one in load_abbreviations().get(name.lower(), ()):
        operator = AMBIGUOUS if one.is_ambiguous else "abbreviation"
        yield Spelling(one.text, operator, is_name=True)
    first, _, rest = name.partition(" ")
    if rest and len(first) >= FEWEST_LETTERS:
        yield Spelling(first, "first word only")
    for kept in range(len(name) - 1, FEWEST_LETTERS - 1, -1):
        cut = name[:kept].rstrip(" -")
        if len(cut) >= FEWEST_LETTERS:
            yield Spelling(cut, "truncation")
            yield Spelling(f"{cut}.", "truncation with a full stop")


CHANNEL = Channel(
    name="shortening",
    description="cut short, or abbreviated: metform, MTX",
    spell=_spell,
    equiprobable=False,
)
