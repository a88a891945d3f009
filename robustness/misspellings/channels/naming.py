"""Another name of the same drug: brand for generic and back.

From the brands of `drugs.csv`. Nothing is misspelled here; a model that knows the drug by one name only
answers otherwise. A name that is in no row of the table has no other name here. A brand that several drugs
of the table share is left out, since it does not say which is meant.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from robustness.drugs.drug import load_drugs
from robustness.misspellings.channels.channel import Channel, Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.drugs.drug import Drug


@cache
def _drugs() -> dict[str, Drug]:
    """The drugs by generic name and by brand, in lower case."""
    drugs = load_drugs()
    shared = Counter(brand.lower() for drug in drugs for brand in set(drug.brands))
    by_brand = {
        brand.lower(): drug for drug in drugs for brand in drug.brands if shared[brand.lower()] == 1
    }
    return by_brand | {drug.name: drug for drug in drugs}


def _spell(name: str) -> Iterator[Spelling]:
    lower = name.lower()
    drug = _drugs().get(lower)
    if drug is None:
        return
    generic = lower == drug.name
    if not generic:
        yield Spelling(drug.name, "generic for brand", is_name=True)
    for brand in drug.brands:
        if brand.lower() != lower and _drugs().get(brand.lower()) is drug:
            operator = "brand for generic" if generic else "brand for brand"
            yield Spelling(brand, operator, is_name=True)


CHANNEL = Channel(
    name="naming",
    description="another name of the same drug: brand for generic and back",
    spell=_spell,
    equiprobable=False,
)
