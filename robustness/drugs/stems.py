"""The stems of international nonproprietary names, from `stems.csv`.

A stem tells a drug's family: `-pril` for an ACE inhibitor, `-statin` for an HMG-CoA reductase inhibitor.
This module knows what stems there are, not which drug has which: an ending may be chance.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints

from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from pathlib import Path

SHORTEST = 3
"""Stems with fewer letters end too many names by chance."""


class _StemRow(Row):
    stem: Annotated[str, StringConstraints(pattern=r"^[a-z-]+$")]
    position: Literal["prefix", "infix", "suffix"]
    meaning: str


def read_suffixes(path: Path) -> tuple[str, ...]:
    """The stems of a table that end names, without a hyphen, in its order.

    Raises:
        InputError: A bad file or row.
    """
    rows = read_table(path, _StemRow)
    stems = (row.stem.strip("-") for row in rows if row.position == "suffix")
    return tuple(stem for stem in stems if len(stem) >= SHORTEST)


@cache
def load_suffixes() -> tuple[str, ...]:
    """The shipped stems that end names.

    >>> "pril" in load_suffixes()
    True
    """
    return read_suffixes(table_path("stems"))
