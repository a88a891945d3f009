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
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from robustness.drugs.drug import Name
from robustness.drugs.tables import Row, read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Signatures = NDArray[np.uint64]


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
        names = sorted(self._keys, key=len)
        self._names = np.array(names, dtype=object)
        self._signatures = _signatures(names)
        self._bits = np.bitwise_count(self._signatures)
        self._lengths = [len(name) for name in names]

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
        around = self._alike(key, 2 * edits)
        return Neighbours(
            key,
            self._names.take(around),
            self._signatures.take(around),
            self._bits.take(around),
            self._substances,
        )

    def _like(self, key: str, edits: int) -> list[str]:
        """The names whose letters and length do not rule out that they are so near to a key."""
        found: list[str] = sorted(self._names.take(self._alike(key, edits)).tolist())
        return found

    def _alike(self, key: str, edits: int) -> NDArray[np.int64]:
        """Indices of the names whose letters and length do not rule out that many edits."""
        first = bisect_left(self._lengths, len(key) - edits)
        end = bisect_right(self._lengths, len(key) + edits)
        alike = _share(self._signatures[first:end], self._bits[first:end], _signature(key), edits)
        return alike.nonzero()[0] + first


@dataclass(frozen=True)
class Neighbours:
    """The names around one name, ready to be compared with many ways to write it."""

    meant: str
    """The name, normalised."""
    names: NDArray[np.object_]
    """The names around it, normalised."""
    signatures: Signatures
    """Theirs."""
    bits: NDArray[np.uint8]
    """How many bits are set in each of theirs."""
    substances: Mapping[str, set[str]]
    """What known names stand for."""

    def collide(self, texts: Sequence[str], edits: int) -> NDArray[np.bool_]:
        """As `KnownNames.collide`, for no more edits than the neighbours were looked up for."""
        hits = np.zeros(len(texts), dtype=bool)
        if edits == 1 and not self._within_two:
            return hits
        keys = _normalised(texts)
        others = self._within_two if edits == 1 else self._like_any(keys, edits)
        if not others or not keys:
            return hits
        theirs = process.cdist(
            keys, others, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8
        )
        own = self.substances.get(self.meant, {self.meant})
        rows, columns = (theirs <= edits).nonzero()
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if not hits[row] and others[column] != self.meant:
                # Few texts come so far: what is slow is done for them alone.
                ours = OSA.distance(keys[row], self.meant, score_cutoff=edits)
                foreign = not self.substances[others[column]] & own
                named = self.substances.get(keys[row], set()) & own
                hits[row] = foreign and not named and theirs[row, column] <= ours <= edits
        return hits

    @cached_property
    def _within_two(self) -> tuple[str, ...]:
        """Other drugs within two edits of the name: no others are within one of a one-edit misspelling."""
        alike = _share(self.signatures, self.bits, _signature(self.meant), 2).nonzero()[0]
        return _within(2, self.meant, self.names.take(alike).tolist(), self.substances)

    def _like_any(self, keys: Sequence[str], edits: int) -> list[str]:
        """The names whose letters do not rule out that they are within `edits` of a key."""
        ours = _signatures(keys)[:, None]
        alike = _share(self.signatures, self.bits, ours, edits).any(axis=0)
        found: list[str] = self.names.compress(alike).tolist()
        return found


def _within(
    limit: int, key: str, others: list[str], substances: Mapping[str, set[str]]
) -> tuple[str, ...]:
    """Those of some names that are of other drugs and within `limit` edits of a key."""
    if not others:
        return ()
    distances = process.cdist(
        [key], others, scorer=DamerauLevenshtein.distance, score_cutoff=limit, dtype=np.uint8
    )[0]
    own = substances.get(key, {key})
    near = [others[index] for index in (distances <= limit).nonzero()[0].tolist()]
    return tuple(name for name in near if name != key and not substances[name] & own)


def _normalised(texts: Sequence[str]) -> list[str]:
    joined = "".join(texts)
    if joined.isascii() and joined.isalpha() and joined.islower():
        return list(texts)
    return [normalise(text) for text in texts]


def _signature(key: str) -> np.uint64:
    """What `_signatures` has for a key, sooner for one alone."""
    once = twice = 0
    for point in key.encode("latin-1", "replace"):
        bit = 1 << (point & 31)
        twice |= once & bit
        once |= bit
    return np.uint64(once | twice << 32)


def _signatures(keys: Sequence[str]) -> Signatures:
    """For each key two bits a letter: it occurs, it occurs twice."""
    points = np.frombuffer("".join(keys).encode("latin-1", "replace"), dtype=np.uint8) & 31
    rows = np.arange(len(keys)).repeat([len(key) for key in keys])
    counts = np.bincount(rows * 32 + points, minlength=32 * len(keys)).reshape(-1, 1, 32)
    bits = np.packbits(counts > _SEEN, axis=2, bitorder="little")
    return np.asarray(bits.reshape(-1, 8).view(np.uint64)[:, 0])


_SEEN = np.array([[0], [1]])
"""More often than this: it occurs, it occurs twice."""


def _share(
    theirs: Signatures, bits: NDArray[np.uint8], ours: Signatures | np.uint64, edits: int
) -> NDArray[np.bool_]:
    """Which signatures share so many bits that they may be that many edits apart.

    One edit takes one bit away at most and adds one at most.

    Args:
        theirs: Signatures.
        bits: How many bits are set in each of them.
        ours: One signature, or a column of them.
        edits: How many.
    """
    shared = np.bitwise_count(theirs & ours)
    shared += np.uint8(min(edits, 64))
    return np.asarray(shared >= np.maximum(bits, np.bitwise_count(ours)))


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
