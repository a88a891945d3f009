"""A drug with its facts, and the pairs of drugs that are easily confused.

A drug is a substance; its names are its generic name and its brand names. The facts are the ones that
questions are asked about; for where each comes from see `fixtures/drug_names/SOURCES.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from robustness.drugs.tables import Row, read_table, table_path
from robustness.errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Route = Literal[
    "epidural",
    "inhalation",
    "intramuscular",
    "intravenous",
    "nasal",
    "ophthalmic",
    "oral",
    "rectal",
    "subcutaneous",
    "sublingual",
    "topical",
    "transdermal",
    "transmucosal",
    "vaginal",
]
HighRiskGroup = Literal[
    "anti-infectives",
    "potassium and other electrolytes",
    "insulins",
    "narcotics and sedatives",
    "chemotherapy",
    "heparin and other anticoagulants",
    "none",
]
"""The A PINCH groups of high-risk medicines."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9 .'+-]*[a-z0-9)]$", max_length=60)]
Phrase = Annotated[str, StringConstraints(min_length=2, max_length=90, pattern=r"^[^<>\n\r\t]+$")]
OptionalPhrase = Annotated[str, StringConstraints(max_length=90, pattern=r"^[^<>\n\r\t]*$")]


@dataclass(frozen=True, slots=True)
class Drug:
    """A substance and what its FDA label says of it, in a few words each.

    A fact that no source could be named for is the empty string.
    """

    name: str
    """Generic name, lower case (United States Adopted Name)."""
    brands: tuple[str, ...]
    """Brand names, the best known first."""
    drug_class: str
    """Established pharmacologic class, in the FDA's wording."""
    indication: str
    """One labelled indication."""
    route: str
    """Main route of administration."""
    form: str
    """A dosage form that is given by this route."""
    warning: str
    """One labelled warning."""
    high_risk_group: str
    """A PINCH group, or ``none``."""

    @property
    def is_high_risk(self) -> bool:
        """Whether a confusion about this drug is more likely to harm."""
        return self.high_risk_group != "none"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Two drugs whose names are confused, with their Tall Man lettering."""

    name: str
    lookalike: str
    tall_man: str
    lookalike_tall_man: str


class _DrugRow(Row):
    name: Name
    brands: OptionalPhrase
    drug_class: OptionalPhrase
    indication: Phrase
    route: Route
    form: Phrase
    warning: OptionalPhrase
    high_risk_group: HighRiskGroup


def _mixed_case(value: str) -> str:
    if value.lower() == value or not value.isalpha():
        raise ValueError("Tall Man lettering has letters only, some of them capitals")
    return value


TallMan = Annotated[str, AfterValidator(_mixed_case)]


class _LookAlikeRow(Row):
    name: Name
    lookalike: Name
    tall_man: TallMan
    lookalike_tall_man: TallMan


def read_drugs(path: Path) -> tuple[Drug, ...]:
    """Read a table of drugs; names must be unique.

    Raises:
        InputError: A bad file, a bad row or a name that stands twice.
    """
    drugs: dict[str, Drug] = {}
    for line, row in enumerate(read_table(path, _DrugRow), start=2):
        if row.name in drugs:
            raise InputError(
                "Drug listed twice", where=f"{path}, line {line}", value=row.name, hint="Keep one."
            )
        brands = tuple(brand for brand in row.brands.split(";") if brand)
        drugs[row.name] = Drug(**(row.model_dump() | {"brands": brands}))
    return tuple(drugs.values())


def read_look_alikes(path: Path) -> tuple[LookAlike, ...]:
    """Read a table of look-alike pairs.

    Raises:
        InputError: A bad file, a bad row, or Tall Man letters that spell another name.
    """
    pairs = []
    for line, row in enumerate(read_table(path, _LookAlikeRow), start=2):
        for name, tall in ((row.name, row.tall_man), (row.lookalike, row.lookalike_tall_man)):
            if tall.lower() != name:
                raise InputError(
                    "Tall Man letters spell another name",
                    where=f"{path}, line {line}",
                    value=tall,
                    hint=f"They must spell {name!r}.",
                )
        pairs.append(LookAlike(**row.model_dump()))
    return tuple(pairs)


@cache
def load_drugs() -> tuple[Drug, ...]:
    """The shipped drugs, by name in alphabetical order."""
    return tuple(sorted(read_drugs(table_path("drugs")), key=lambda drug: drug.name))


@cache
def load_look_alikes() -> tuple[LookAlike, ...]:
    """The shipped look-alike pairs."""
    return read_look_alikes(table_path("lookalikes"))


def select_drugs(names: Iterable[str], drugs: tuple[Drug, ...]) -> tuple[Drug, ...]:
    """The drugs with these generic or brand names, in the order of `drugs`.

    Raises:
        InputError: A name that is not in the table; the message holds the nearest one.
    """
    by_name = {drug.name: drug for drug in drugs}
    by_name |= {brand.lower(): drug for drug in drugs for brand in drug.brands}
    chosen: set[str] = set()
    for name in names:
        drug = by_name.get(name.strip().lower())
        if drug is None:
            raise InputError("Unknown drug", value=name.strip(), hint=nearest(name, by_name))
        chosen.add(drug.name)
    return tuple(drug for drug in drugs if drug.name in chosen)
