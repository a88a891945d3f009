"""The most probable misspellings of a name, and draws from the noisy channel, without collisions.

`rank` and `sample` see the same distribution, see `noisy_channel`. Edits fall on the letters a to z alone:
digits, hyphens, spaces and letters of other scripts stay, and the case pattern of the name is kept.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.misspellings.ahead import DistributionsAhead
from robustness.misspellings.channels.channel import LONGEST
from robustness.misspellings.edits import Edit
from robustness.misspellings.factors import LETTERS
from robustness.misspellings.misspelling import Draws, Misspelling, noisy_misspellings
from robustness.misspellings.parameters import load_channel
from robustness.misspellings.telling import tell

if TYPE_CHECKING:
    from robustness.drugs.known_names import Neighbours
    from robustness.misspellings.noisy_channel import NoisyChannel

    Source = NoisyChannel | DistributionsAhead

_SPARE = 12
"""How many more misspellings than asked for are looked at first, because some collide."""
_WORD = re.compile("[A-Za-z]+")
_TWO_LETTERS = re.compile("[a-z][^a-z]*[a-z]")
_NO_NAME = re.compile(r"[\n\r\ud800-\udfff]")
_LOWER = {ord(letter.upper()): letter for letter in LETTERS[:26]}


def rank(name: str, limit: int, *, channel: Source | None = None) -> tuple[Misspelling, ...]:
    """The most probable misspellings of a name.

    Args:
        name: A generic or brand name in any case; it need not be a known one.
        limit: How many at most, at least 0.
        channel: The noisy channel. Default: the shipped one.

    Returns:
        Distinct misspellings, most probable first; never the name itself and never one that is, or is as
        near to, another drug's name. Probabilities are shares of all that the channel can make of the
        name, collisions included. Fewer than `limit` where the channel can make no more.

    Raises:
        InputError: A negative limit, or a name with fewer than two letters from a to z, more than
            `LONGEST` characters or a line break.

    >>> [one.text for one in rank("metformin", 3)]
    ['metfomin', 'meformin', 'metormin']
    """
    kept, _ = _ranked(name, limit, channel)
    return tuple(kept)


def draw_ranked(name: str, limit: int, *, channel: Source | None = None) -> Draws:
    """As `rank`, with the collisions that are at least as probable as the last one kept."""
    kept, collided = _ranked(name, limit, channel)
    known = load_known_names()
    others = ((one, known.is_another_drug(one.text, name)) for one in collided)
    return Draws(tuple(kept), tuple((one, other) for one, other in others if other is not None))


def _ranked(
    name: str, limit: int, channel: Source | None
) -> tuple[list[Misspelling], list[Misspelling]]:
    """What `rank` gives, and the collisions among what it looked at."""
    if limit < 0:
        raise InputError("A negative limit", value=limit, hint="Give 0 or more.")
    found = (channel or _ahead()).distribution(_checked(name))
    kept: list[Misspelling] = []
    collided: list[Misspelling] = []
    neighbours = load_known_names().neighbours(found.name, 2)
    seen = 0
    while len(kept) < limit and seen < len(found):
        count = min(seen + limit - len(kept) + _SPARE, len(found))
        rows = found.best(count)[seen:]
        double = (found.other.take(rows) >= 0).nonzero()[0].tolist()
        one, other = found.one.take(rows), found.other.take(rows[double])
        texts, operators, edits = tell(found.name, one, other, double)
        bad = _collisions(found.name, texts, double, neighbours)
        last = _last_needed(bad, limit - len(kept), len(texts))
        if found.name != name:
            texts, edits = _recased(name, edits[:last])
        probabilities = found.probability.take(rows[:last]).tolist()
        made = noisy_misspellings(name, texts, operators, edits, probabilities)
        collided += [made[row] for row in bad if row < last]
        for row in reversed(bad):
            del made[row : row + 1]
        kept += made
        seen = count
    return kept, collided


@cache
def _ahead() -> DistributionsAhead:
    """What the shipped channel makes of names."""
    return DistributionsAhead(load_channel())


def sample(
    name: str, n: int, seed: int, *, channel: Source | None = None
) -> tuple[Misspelling, ...]:
    """Misspellings of a name, drawn from the noisy channel without replacement.

    Args:
        name: As for `rank`.
        n: How many at most, at least 0.
        seed: Decides the draws, together with the name: neither order nor other names matter.
        channel: The noisy channel. Default: the shipped one.

    Returns:
        Distinct misspellings in the order in which they were drawn, each drawn with its probability out of
        what was left; none that `rank` would not give. A larger `n` only adds to the end.

    Raises:
        InputError: As for `rank`.
    """
    if n < 0:
        raise InputError("A negative number of draws", value=n, hint="Give 0 or more.")
    ranked = rank(name, 1_000_000, channel=channel)
    random = Random(f"{seed}|noisy|{name}")
    # The smallest of exponential variables with these rates comes first as often as its share says
    # (Efraimidis and Spirakis 2006), so that one pass orders all draws.
    keyed = [
        (random.expovariate(1.0) / max(one.probability or 0.0, 1e-300), k, one)
        for k, one in enumerate(ranked)
    ]
    return tuple(one for _, _, one in sorted(keyed)[:n])


def _checked(name: str) -> str:
    """A name in lower case, letter by letter."""
    if len(name) > LONGEST:
        raise InputError(
            f"The name has {len(name)} characters", value=name, hint=f"Give at most {LONGEST}."
        )
    lower = name.translate(_LOWER)
    if not _TWO_LETTERS.search(lower):
        raise InputError(
            "Fewer than two letters from a to z", value=name, hint="Give the name of a drug."
        )
    if _NO_NAME.search(name):
        raise InputError("No name of a drug", value=name, hint="Give one line of Unicode text.")
    return lower


def _collisions(
    name: str, texts: list[str], double: list[int], neighbours: Neighbours
) -> list[int]:
    """The rows of the misspellings that are or are as near to another drug.

    Args:
        name: The name that was meant.
        texts: The misspellings.
        double: The rows of those with two edits.
        neighbours: The names around the one that was meant.
    """
    if not name.isascii():
        # Where marks are joined with letters, one edit may be more edits of what names are compared by.
        return load_known_names().collisions(texts, name)
    found = [double[k] for k in neighbours.collide([texts[row] for row in double], 2)]
    # Few names have another drug so near that one edit can lead there.
    if neighbours.others(2):
        single = sorted(set(range(len(texts))).difference(double))
        found += [single[k] for k in neighbours.collide([texts[row] for row in single], 1)]
    return sorted(found)


def _last_needed(bad: list[int], wanted: int, count: int) -> int:
    """Up to which of some rows, from 1, one must look for so many that are not bad."""
    last = wanted
    for row in bad:
        last += row < last
    return min(last, count)


def _recased(name: str, made: list[tuple[Edit, ...]]) -> tuple[list[str], list[tuple[Edit, ...]]]:
    recased = [recase(name, edits) for edits in made]
    return [text for text, _ in recased], [edits for _, edits in recased]


def recase(name: str, edits: tuple[Edit, ...]) -> tuple[str, tuple[Edit, ...]]:
    """What edits make of a name whose case pattern is kept, and the edits in that pattern.

    A word in capitals stays in capitals, a word with a first capital goes on beginning with one. In other
    patterns (Tall Man) places keep their case, and a new letter is a capital between capitals.
    """
    text = _letterwise(name, edits)
    words, written = _WORD.findall(name), _WORD.findall(text)
    if len(words) == len(written):
        patterns = iter(words)
        text = _WORD.sub(lambda word: _like(word[0], next(patterns)), text)
    shift, changed = 0, []
    for edit in edits:
        at, end = edit.position, edit.position + len(edit.before)
        after = text[at + shift : at + shift + len(edit.after)]
        changed.append(Edit(edit.operator, at, name[at:end], after))
        shift += len(edit.after) - len(edit.before)
    return text, tuple(changed)


def _like(word: str, pattern: str) -> str:
    if pattern.isupper():
        return word.upper() if len(pattern) > 1 else word.capitalize()
    return word.capitalize() if pattern == pattern.capitalize() else word


def _letterwise(name: str, edits: tuple[Edit, ...]) -> str:
    parts, end = [], 0
    for edit in edits:
        at = edit.position
        model = name[at : at + len(edit.before)]
        if not model:
            around = [letter for letter in name[max(at - 1, 0) : at + 1] if letter.isalpha()]
            model = "A" if all(letter.isupper() for letter in around) else "a"
        new = "".join(
            letter.upper() if old.isupper() else letter
            for letter, old in zip(edit.after, model, strict=False)
        )
        parts += [name[end:at], new]
        end = at + len(edit.before)
    return "".join([*parts, name[end:]])
