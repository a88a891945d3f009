"""The collision oracle: is this text the name of another drug, or nearer to one?

It knows every name in `names.csv`, generic and brand. A misspelling that is itself another drug's name,
or is as near to one as to the name that was meant, says nothing about robustness: whoever reads it may
rightly take it for the other drug. Two names of one substance (acyclovir, aciclovir, Zovirax) are never
*another* drug. The oracle does not correct spelling.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from robustness.drugs.drug import Name
from robustness.drugs.signatures import Signatures, signature
from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    Distances = NDArray[np.int32]


class _NameRow(Row):
    name: Name
    kind: Literal["generic", "brand"]
    substance: Name


def normalise(name: str) -> str:
    """A name as it is compared: compatibility forms folded, lower case, letters and digits only.

    >>> normalise("Toprol-XL")
    'toprolxl'
    """
    if name.isascii() and name.isalpha():
        return name.lower()
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())


class KnownNames:
    """All known drug names, and the substances that they stand for.

    Args:
        names: Pairs of a name and its substance; a name may stand for several substances.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._substances: dict[str, set[str]] = {}
        self._names_of: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        for name, substance in names:
            key, drug = normalise(name), normalise(substance)
            self._substances.setdefault(key, set()).add(drug)
            self._names_of.setdefault(drug, set()).add(key)
            self._written.setdefault(key, name)
        self._keys = sorted(self._substances)
        # The shortest first, so that names of similar length stand side by side.
        ordered: list[str] = sorted(self._keys, key=len)
        self._names = np.array(ordered, dtype=object)
        self._signatures = Signatures.of(ordered)
        self._lengths = [len(name) for name in ordered]

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
        meant = normalise(intended)
        return self._another(normalise(text), meant, self._own(meant))

    def collisions(self, texts: Sequence[str], intended: str) -> list[int]:
        """Which of some texts `is_another_drug`, by index in rising order; `neighbours` is quicker, for few edits."""
        meant = normalise(intended)
        own = self._own(meant)
        others = (self._another(normalise(text), meant, own) for text in texts)
        return [row for row, other in enumerate(others) if other is not None]

    def _another(self, key: str, meant: str, own: AbstractSet[str]) -> str | None:
        """As `is_another_drug`, for normalised names; ``own`` are those of the drug that was meant."""
        if key in own:
            return None
        if key in self._substances:
            return self._written[key]
        limit = OSA.distance(key, meant)
        others = self._like(key, limit)
        for other, _, _ in process.extract_iter(
            key, others, scorer=OSA.distance, score_cutoff=limit
        ):
            if other not in own:
                return self._written[other]
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """Every known name once, as it is written, in the order of their normalised forms."""
        return tuple(self._written[key] for key in self._keys)

    def near(self, name: str, limit: int) -> tuple[str, ...]:
        """The names of other drugs within `limit` edits of a name, normalised, in alphabetical order.

        Edits are counted by Damerau-Levenshtein distance, which is a metric and never more than optimal
        string alignment: what lies within k edits of `name` can only collide with these for ``limit=2*k``.

        >>> known = KnownNames([("prednisone", "prednisone"), ("prednisolone", "prednisolone")])
        >>> known.near("prednisone", 2), known.near("prednisone", 1)
        (('prednisolone',), ())
        """
        key = normalise(name)
        others = self._around(key, limit).others(limit)
        return tuple(
            one for one in sorted(others) if DamerauLevenshtein.distance(key, one) <= limit
        )

    def neighbours(self, intended: str, edits: int) -> Neighbours:
        """What ways to write a name with up to so many edits may collide with.

        >>> known = KnownNames([("prednisone", "prednisone"), ("prednisolone", "prednisolone")])
        >>> known.neighbours("prednisone", 1).collide(["prednisonne", "prednisolne"], 1)
        [1]
        """
        return self._around(normalise(intended), 2 * edits)

    def _around(self, key: str, limit: int) -> Neighbours:
        """The names whose letters do not rule out that they are so near to a key, with their distances."""
        around, bags = self._alike(key, limit)
        names = self._names.take(around).tolist()
        farthest = limit + limit // 2
        aligned = process.cdist([key], names, scorer=OSA.distance, score_cutoff=farthest)[0]
        own, least = self._own(key), least_distance(bags, aligned)
        near = (least <= limit).nonzero()[0]
        others = {
            names[k]: edits
            for k, edits in zip(near.tolist(), least.take(near).tolist(), strict=True)
            if names[k] not in own
        }
        return Neighbours(key, own, others)

    def _own(self, key: str) -> set[str]:
        """Every name, normalised, that means the same drug as a key, and the key itself."""
        drugs = self._substances.get(key, (key,))
        return {key}.union(*(self._names_of.get(drug, ()) for drug in drugs))

    def _like(self, key: str, edits: int) -> list[str]:
        """The names whose letters and length do not rule out that they are so near to a key."""
        around, _ = self._alike(key, edits)
        found: list[str] = sorted(self._names.take(around).tolist())
        return found

    def _alike(self, key: str, edits: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Indices of the names whose letters and length do not rule out that they are so near to a key.

        Returns:
            The indices, and how many edits each name is away at least.
        """
        first = bisect_left(self._lengths, len(key) - edits)
        end = bisect_right(self._lengths, len(key) + edits)
        least = self._signatures.part(first, end).least(signature(key))
        alike = (least <= edits).nonzero()[0]
        return alike + first, least.take(alike)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The names around one name, ready to be compared with many ways to write it."""

    meant: str
    """The name, normalised."""
    own: AbstractSet[str]
    """Every name of the same drug, normalised."""
    least: Mapping[str, int]
    """The names of other drugs around it, normalised, and how many edits each is away at least."""

    def collide(self, texts: Sequence[str], edits: int) -> list[int]:
        """Which of some texts are or are as near to another drug, by index in rising order.

        Args:
            texts: Ways to write the name.
            edits: At least as many edits as any of the texts is away from it, and no more than the
                neighbours were looked up for.
        """
        others = self.others(2 * edits)
        if not others or not texts:
            return []
        keys = _normalised(texts)
        theirs = process.cdist(
            keys, others, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8
        )
        nearest = theirs.min(axis=1)
        close = (nearest <= edits).nonzero()[0].tolist()
        return [row for row in close if self._as_near(keys[row], nearest[row])]

    def others(self, limit: int) -> list[str]:
        """The names of other drugs that may be within a Damerau-Levenshtein distance: all that are, and few more.

        What k edits make of the name can only be as near to those for ``limit=2*k``. No limit may be larger than
        the one that the neighbours were looked up for.
        """
        return [name for name, edits in self.least.items() if edits <= limit]

    def _as_near(self, key: str, edits: int) -> bool:
        """Whether a text, so many edits away from another drug's name, is no nearer to the one that was meant."""
        return key not in self.own and edits <= OSA.distance(key, self.meant)


def least_distance(bags: NDArray[np.uint8], aligned: Distances) -> Distances:
    """How far names are from a key at least, by Damerau-Levenshtein distance.

    That distance is a metric, but slow to count. Optimal string alignment is counted quickly; where letters have come
    between two that trade places it is one edit more at most. Such a trade takes two edits or more, and one of
    them changes no letter: so signatures are one edit nearer each time, and both together at most twice as far.

    Args:
        bags: How far each name is away at least by its signature.
        aligned: How far it is by optimal string alignment.
    """
    both = (aligned + bags + 1) // 2
    return np.asarray(np.maximum(both, (2 * aligned + 2) // 3))


def _normalised(texts: Sequence[str]) -> list[str]:
    joined = "".join(texts)
    if joined.isascii() and joined.isalpha() and joined.islower():
        return list(texts)
    return [normalise(text) for text in texts]


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
