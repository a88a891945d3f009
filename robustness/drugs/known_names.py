"""The collision oracle: is this text the name of another drug, or nearer to one?

It knows every name in `names.csv`, generic and brand. A misspelling that is itself another drug's name,
or is as near to one as to the name that was meant, says nothing about robustness: whoever reads it may
rightly take it for the other drug. Two names of one substance (acyclovir, aciclovir, Zovirax) are never
*another* drug. The oracle does not correct spelling.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from robustness.drugs.drug import Name
from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class _NameRow(Row):
    name: Name
    kind: Literal["generic", "brand"]
    substance: Name


def normalise(name: str) -> str:
    """A name as it is compared: compatibility forms folded, lower case, letters and digits only.

    >>> normalise("Toprol-XL")
    'toprolxl'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())


class KnownNames:
    """All known drug names, and the substances that they stand for.

    Args:
        names: Pairs of a name and its substance; a name may stand for several substances.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._substances: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        for name, substance in names:
            key = normalise(name)
            self._substances.setdefault(key, set()).add(normalise(substance))
            self._written.setdefault(key, name)
        self._keys = sorted(self._substances)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, text: str) -> bool:
        return normalise(text) in self._substances

    def substances(self, text: str) -> frozenset[str]:
        """The substances, normalised, that a text names exactly; empty for an unknown name."""
        return frozenset(self._substances.get(normalise(text), ()))

    def is_another_drug(self, text: str, intended: str) -> str | None:
        """The other drug's name that `text` is or is as near to, or None when there is no collision.

        Distance is optimal string alignment (restricted Damerau-Levenshtein) on normalised names;
        another drug collides when it is at most as far from `text` as `intended` is.

        >>> oracle = KnownNames([("prednisone", "prednisone"), ("prednisolone", "prednisolone")])
        >>> oracle.is_another_drug("prednisolne", "prednisone")
        'prednisolone'
        >>> oracle.is_another_drug("prednisonne", "prednisone") is None
        True
        """
        key, meant = normalise(text), normalise(intended)
        own = self._substances.get(meant, {meant})
        exact = self._substances.get(key, set())
        if key == meant or exact & own:
            return None
        if exact:
            return self._written[key]
        limit = OSA.distance(key, meant)
        for other, _, _ in process.extract_iter(
            key, self._keys, scorer=OSA.distance, score_cutoff=limit
        ):
            if other != meant and not (self._substances[other] & own):
                return self._written[other]
        return None


def read_known_names(path: Path) -> KnownNames:
    """Read a table of names.

    Raises:
        InputError: A bad file or row.
    """
    return KnownNames((row.name, row.substance) for row in read_table(path, _NameRow))


@cache
def load_known_names() -> KnownNames:
    """The oracle over all shipped names."""
    return read_known_names(table_path("names"))
