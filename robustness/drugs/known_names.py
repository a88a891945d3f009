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

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from robustness.drugs.drug import Name
from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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


_BITS = tuple(1 << (point & 31) for point in range(256))


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
        self._signatures = np.array([_signature(key) for key in self._keys], dtype=np.uint64)
        self._lengths = np.array([len(key) for key in self._keys], dtype=np.int16)

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
        others = [self._keys[index] for index in self._alike(key, limit).tolist()]
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
        own = self._substances.get(key, {key})
        others = [self._keys[index] for index in self._alike(key, limit).tolist()]
        if not others:
            return ()
        distances = process.cdist(
            [key], others, scorer=DamerauLevenshtein.distance, score_cutoff=limit, dtype=np.uint8
        )[0]
        return tuple(
            others[index]
            for index in (distances <= limit).nonzero()[0]
            if others[index] != key and not (self._substances[others[index]] & own)
        )

    def collide(self, texts: Sequence[str], intended: str, *, edits: int) -> NDArray[np.bool_]:
        """Which of many texts are or are as near to another drug; the same answer as `is_another_drug`.

        Args:
            texts: Ways to write `intended`.
            intended: The name that was meant.
            edits: At least as many edits as any of the texts is away from `intended`.

        Returns:
            One truth value a text.
        """
        if not texts:
            return np.zeros(0, dtype=bool)
        keys, meant = _normalised(texts), normalise(intended)
        own = self._substances.get(meant, {meant})
        others = self.near(intended, 2) if edits == 1 else self._near_any(keys, meant, edits)
        if not others:
            return np.zeros(len(texts), dtype=bool)
        theirs = process.cdist(
            keys, others, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8
        )
        hits = np.zeros(len(texts), dtype=bool)
        for row, column in np.argwhere(theirs <= edits).tolist():
            if not hits[row] and others[column] != meant:
                # Few texts come so far: what is slow is done for them alone.
                ours = OSA.distance(keys[row], meant, score_cutoff=edits)
                foreign = not self._substances[others[column]] & own
                named = self._substances.get(keys[row], set()) & own
                hits[row] = foreign and not named and theirs[row, column] <= ours <= edits
        return hits

    def _near_any(self, keys: Sequence[str], meant: str, edits: int) -> list[str]:
        """The names whose letters do not rule out that they are within `edits` of a key."""
        around = self._alike(meant, 2 * edits)
        signatures = np.array([_signature(key) for key in keys], dtype=np.uint64)
        alike = np.bitwise_count(self._signatures[around] ^ signatures[:, None]) <= 2 * edits
        return [self._keys[index] for index in around[alike.any(axis=0)].tolist()]

    def _alike(self, key: str, edits: int) -> NDArray[np.int64]:
        """Indices of the names whose letters and length do not rule out that many edits."""
        different = np.bitwise_count(self._signatures ^ np.uint64(_signature(key)))
        alike = (different <= 2 * edits) & (np.abs(self._lengths - len(key)) <= edits)
        return np.flatnonzero(alike)


def _normalised(texts: Sequence[str]) -> list[str]:
    joined = "".join(texts)
    if joined.isascii() and joined.isalpha() and joined.islower():
        return list(texts)
    return [normalise(text) for text in texts]


def _signature(key: str) -> int:
    """Two bits a letter: it occurs, it occurs twice. One edit changes two bits at most."""
    once = twice = 0
    for point in key.encode("latin-1", "replace"):
        bit = _BITS[point]
        twice |= once & bit
        once |= bit
    return once | twice << 32


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
