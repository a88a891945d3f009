"""Names of drugs that do not exist, to see whether a model admits that it does not know them.

A name is a beginning that a Markov chain of third order draws from the letters of the known generic names,
and a real stem of the World Health Organization at its end, so that it looks like a drug of a family. It
is at least `APART` edits from every known name, holds none of them and is part of none: no reader can take
it for a misspelling. Whether a substance of this name will be approved one day, nobody can tell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from robustness.drugs.known_names import load_known_names, normalise
from robustness.drugs.stems import load_suffixes
from robustness.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APART = 3
"""Edits (optimal string alignment) from every known name, at least."""
SHORTEST, LONGEST = 8, 13
"""Letters of an invented name."""
_ORDER = 3
_START = "^" * _ORDER
_SMALLEST_NAME = 4
"""Known names with fewer letters (Opa) may stand inside by chance."""
_LEAST_BEGINNING = 3
_PATIENCE = 20_000
"""Drafts in a row without a new name after which there are no more to be found."""
_UNSPEAKABLE = re.compile(
    r"[^aeiouy]{4}|[aeiouy]{3}|^[^aeiouy]{3}|[^aeiouy]{3}$|(.)\1\1|(..)\2|q(?!u)"
)
"""Clusters of letters that are hard to say, or stutter."""


def invented_names(count: int, seed: int) -> tuple[str, ...]:
    """Distinct names that look like drugs' and belong to none, in lower case.

    Fewer names of one seed are the first ones of more.

    Args:
        count: How many; thousands are there.
        seed: Decides which.

    Raises:
        InputError: The count is negative, or more than there are.

    >>> len(set(invented_names(20, seed=0))), invented_names(2, seed=0) == invented_names(9, seed=0)[:2]
    (20, True)
    """
    if count < 0:
        raise InputError("Negative number of names", value=count, hint="Give 0 or more.")
    names: dict[str, None] = {}
    drafts = _drafts(Random(f"{seed}/invented"))
    failed = 0
    while len(names) < count:
        draft = next(drafts)
        failed += 1
        if draft not in names and is_speakable(draft) and is_unlike_known(draft):
            names[draft] = None
            failed = 0
        if failed > _PATIENCE:
            raise InputError(
                "So many names cannot be invented", value=count, hint=f"Ask for {len(names)}."
            )
    return tuple(names)


def is_speakable(name: str) -> bool:
    """Whether a name can be said: no pile of consonants or vowels, and no stutter.

    >>> is_speakable("velmatidine"), is_speakable("vlmtdine")
    (True, False)
    """
    return _UNSPEAKABLE.search(name) is None


def is_unlike_known(name: str) -> bool:
    """Whether no known drug name is near a name, stands inside it or holds it."""
    keys, joined = _known_keys()
    if name in joined:
        return False
    inside = (
        name[start:end]
        for start in range(len(name))
        for end in range(start + _SMALLEST_NAME, len(name) + 1)
    )
    return keys.isdisjoint(inside) and not load_known_names().near(name, APART - 1)


def _drafts(rng: Random) -> Iterator[str]:
    """Beginnings of the chain with a stem at the end, where the seam is one that real names have."""
    chain, seen = _chain()
    stems = [stem for stem in load_suffixes() if len(stem) <= LONGEST - _LEAST_BEGINNING]
    while True:
        stem = rng.choice(stems)
        fewest = max(_LEAST_BEGINNING, SHORTEST - len(stem))
        length = rng.randint(fewest, max(fewest, LONGEST - len(stem)))
        beginning = _walk(chain, rng, length)
        draft = beginning + stem
        around = range(max(0, len(beginning) - 2), min(len(draft) - 2, len(beginning)))
        if len(beginning) == length and all(draft[i : i + 3] in seen for i in around):
            yield draft


def _walk(chain: Mapping[str, str], rng: Random, length: int) -> str:
    """Letters drawn one by one, each after the three before it; shorter where a name would end."""
    text = _START
    while len(text) < length + _ORDER:
        following = chain.get(text[-_ORDER:])
        if not following:
            break
        text += rng.choice(following)
    return text[_ORDER:]


@cache
def _chain() -> tuple[dict[str, str], frozenset[str]]:
    """What follows three letters in known names, as often as it does; and all runs of three letters."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    seen = set()
    for name in _substances():
        padded = _START + name
        for place in range(len(name)):
            following[padded[place : place + _ORDER]].append(name[place])
        seen |= {name[i : i + 3] for i in range(len(name) - 2)}
    return {key: "".join(letters) for key, letters in following.items()}, frozenset(seen)


def _substances() -> list[str]:
    """The known names of one word that are substances' own, no brands."""
    known = load_known_names()
    words = (name for name in known.names if name.isascii() and name.isalpha())
    return [name for name in words if len(name) > _ORDER and name in known.substances(name)]


@cache
def _known_keys() -> tuple[frozenset[str], str]:
    keys = frozenset(normalise(name) for name in load_known_names().names)
    return keys, "\n".join(sorted(keys))
