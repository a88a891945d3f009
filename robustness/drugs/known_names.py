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
from robustness.drugs.signatures import Signatures, signature, signatures
from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


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
        self._written: dict[str, str] = {}
        for name, substance in names:
            key = normalise(name)
            self._substances.setdefault(key, set()).add(normalise(substance))
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
        key, meant = normalise(text), normalise(intended)
        own = self._substances.get(meant, {meant})
        exact = self._substances.get(key, set())
        if key == meant or exact & own:
            return None
        if exact:
            return self._written[key]
        limit = OSA.distance(key, meant)
        others = self._like(key, limit)
        for other, _, _ in process.extract_iter(
            key, others, scorer=OSA.distance, score_cutoff=limit
        ):
            if other != meant and not (self._substances[other] & own):
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
        return _within(limit, key, self._like(key, limit), self._substances)

    def collide(self, texts: Sequence[str], intended: str, *, edits: int) -> NDArray[np.bool_]:
        """Which of many texts are or are as near to another drug; the same answer as `is_another_drug`.

        Args:
            texts: Ways to write `intended`.
            intended: The name that was meant.
            edits: At least as many edits as any of the texts is away from `intended`.

        Returns:
            One truth value a text.
        """
        return self.neighbours(intended, edits).collide(texts, edits)

    def neighbours(self, intended: str, edits: int) -> Neighbours:
        """What ways to write a name with up to so many edits may collide with."""
        key = normalise(intended)
        around, least = self._alike(key, 2 * edits)
        return Neighbours(
            key,
            self._names.take(around),
            self._signatures.take(around),
            least,
            self._substances,
        )

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
    names: NDArray[np.object_]
    """The names around it, normalised."""
    signatures: Signatures
    """Theirs."""
    least: NDArray[np.uint8]
    """How many edits each is away from the name at least."""
    substances: Mapping[str, set[str]]
    """What known names stand for."""

    def collide(self, texts: Sequence[str], edits: int) -> NDArray[np.bool_]:
        """As `KnownNames.collide`, for no more edits than the neighbours were looked up for."""
        hits = np.zeros(len(texts), dtype=bool)
        near = self.near(2) if edits == 1 else None
        if near == () or not texts:
            return hits
        keys = _normalised(texts)
        others = list(near or self._like_any(keys, edits))
        if not others:
            return hits
        theirs = process.cdist(
            keys, others, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8
        )
        within = theirs <= edits
        if not within.any():
            return hits
        own = self.substances.get(self.meant, {self.meant})
        for row, column in np.argwhere(within).tolist():
            if not hits[row]:
                # Few texts come so far: what is slow is done for them alone.
                ours = OSA.distance(keys[row], self.meant, score_cutoff=edits)
                foreign = not self.substances[others[column]] & own
                named = self.substances.get(keys[row], set()) & own
                hits[row] = foreign and not named and theirs[row, column] <= ours <= edits
        return hits

    def near(self, limit: int) -> tuple[str, ...]:
        """Other drugs within that many edits of the name, by Damerau-Levenshtein distance.

        A misspelling of k edits can only be within k edits of those for ``limit=2*k``.
        """
        others = self.names.compress(self.least <= limit).tolist()
        return _within(limit, self.meant, others, self.substances)

    def _like_any(self, keys: Sequence[str], edits: int) -> list[str]:
        """The other names whose letters do not rule out that they are within `edits` of a key."""
        least = self.signatures.least(signatures(keys)[:, None])
        found = self.names.compress(least.min(axis=0) <= edits).tolist()
        return [name for name in found if name != self.meant]


def _within(
    limit: int, key: str, others: list[str], substances: Mapping[str, set[str]]
) -> tuple[str, ...]:
    """Those of some names that are of other drugs and within `limit` edits of a key."""
    own = substances.get(key, {key})
    foreign = [name for name in others if name != key and not substances[name] & own]
    if not foreign:
        return ()
    # Optimal string alignment is at most half as much again, and counted sooner: a letter more between
    # two that trade places costs it one edit more, where the other distance has counted two.
    rough = limit + limit // 2
    distances = process.cdist(
        [key], foreign, scorer=OSA.distance, score_cutoff=rough, dtype=np.uint8
    )[0]
    near = [foreign[index] for index in (distances <= rough).nonzero()[0].tolist()]
    return tuple(
        name for name in near if DamerauLevenshtein.distance(key, name, score_cutoff=limit) <= limit
    )


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
