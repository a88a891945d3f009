"""The most probable misspellings of a name, and draws from the noisy channel, without collisions.

`rank` and `sample` see the same distribution, see `noisy_channel`. Edits fall on the letters a to z alone:
digits, hyphens, spaces and letters of other scripts stay, and the case pattern of the name is kept.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.misspellings.edits import Edit
from robustness.misspellings.factors import LETTERS, OPERATORS
from robustness.misspellings.misspelling import Misspelling
from robustness.misspellings.parameters import load_channel
from robustness.misspellings.scoring import INSERTION, TAKEN, TRANSPOSITION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.misspellings.edits import Operator
    from robustness.misspellings.noisy_channel import Distribution, NoisyChannel

LONGEST = 1000
"""How many characters a name may have."""
_SPARE = 16
"""How many more misspellings than asked for are looked at first, because some collide."""
_LOWER = {ord(letter.upper()): letter for letter in LETTERS[:26]}


def rank(name: str, limit: int, *, channel: NoisyChannel | None = None) -> tuple[Misspelling, ...]:
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
    ['metforman', 'metformine', 'metfomin']
    """
    if limit < 0:
        raise InputError("A negative limit", value=limit, hint="Give 0 or more.")
    lower = _checked(name)
    found = (channel or load_channel()).distribution(lower)
    kept: list[Misspelling] = []
    start = 0
    while len(kept) < limit and start < len(found):
        stop = start + limit - len(kept) + _SPARE
        kept += _without_collisions(found, name, start, stop)
        start = stop
    return tuple(kept[:limit])


def sample(
    name: str, n: int, seed: int, *, channel: NoisyChannel | None = None
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
    random = Random(f"{seed}|noisy|{name}")
    # The smallest of exponential variables with these rates comes first as often as its share says
    # (Efraimidis and Spirakis 2006), so that one pass orders all draws.
    keyed = [
        (random.expovariate(1.0) / max(one.probability or 0.0, 1e-300), k, one)
        for k, one in enumerate(rank(name, 1_000_000, channel=channel))
    ]
    return tuple(one for _, _, one in sorted(keyed)[:n])


def _checked(name: str) -> str:
    """A name in lower case, letter by letter."""
    if len(name) > LONGEST:
        raise InputError(
            f"The name has {len(name)} characters", value=name, hint=f"Give at most {LONGEST}."
        )
    lower = name.translate(_LOWER)
    if len(re.findall("[a-z]", lower)) < 2:
        raise InputError(
            "Fewer than two letters from a to z", value=name, hint="Give the name of a drug."
        )
    if re.search(r"[\n\r\ud800-\udfff]", name):
        raise InputError("No name of a drug", value=name, hint="Give one line of Unicode text.")
    return lower


def _without_collisions(
    found: Distribution, name: str, start: int, stop: int
) -> Iterator[Misspelling]:
    texts = found.texts(start, stop)
    known = load_known_names()
    double = (found.other[start:stop] >= 0).tolist()
    bad: set[str] = set()
    for edits in (1, 2):
        group = [text for text, two in zip(texts, double, strict=True) if two == (edits == 2)]
        hit = known.collide(group, found.name, edits=edits)
        bad.update(group[k] for k in hit.nonzero()[0].tolist())
    rows = zip(
        texts,
        found.one[start:stop].tolist(),
        found.other[start:stop].tolist(),
        found.probability[start:stop].tolist(),
        strict=True,
    )
    for text, one, other, probability in rows:
        if text in bad:
            continue
        edits = (_edit(found, one),) if other < 0 else (_edit(found, one), _edit(found, other))
        operator = "+".join([edit.operator for edit in edits])
        if found.name != name:
            text, edits = _recase(text, name, edits)
        yield Misspelling(text, name, operator, edits, "noisy", 0, probability)


def _edit(found: Distribution, index: int) -> Edit:
    grid, name = found.grid, found.name
    operator, at = int(grid.operator[index]), int(grid.position[index])
    before = name[at : at + TAKEN[operator]]
    if operator == TRANSPOSITION:
        return Edit("transposition", at, before, before[::-1])
    after = LETTERS[int(grid.after[index])].rstrip("#")
    doubled = operator == INSERTION and name[at : at + 1] == after
    kind: Operator = "doubling" if doubled else _OPERATORS[operator]
    return Edit(kind, at, before, after)


_OPERATORS: tuple[Operator, ...] = ("substitution", "deletion", "insertion", "transposition")
assert _OPERATORS == OPERATORS


def _recase(text: str, name: str, edits: tuple[Edit, ...]) -> tuple[str, tuple[Edit, ...]]:
    """A misspelling and its edits in the case pattern of the name.

    All capitals stay all capitals, and words that begin with a capital go on doing so. In other patterns
    (Tall Man) a letter keeps its case, a new one takes that of the letter it replaces or follows.
    """
    if name.isupper():
        cased = text.upper() if name.isascii() else _capitals(text)
    else:
        cased = _letterwise(name, edits)
        if name == _titled(name):
            cased = _titled(cased.translate(_LOWER))
    shift, changed = 0, []
    for edit in edits:
        begin = edit.position + shift
        shift += len(edit.after) - len(edit.before)
        changed.append(
            Edit(
                edit.operator,
                edit.position,
                name[edit.position : edit.position + len(edit.before)],
                cased[begin : begin + len(edit.after)],
            )
        )
    return cased, tuple(changed)


def _letterwise(name: str, edits: tuple[Edit, ...]) -> str:
    parts, end = [], 0
    for edit in edits:
        at = edit.position
        parts.append(name[end:at])
        model = name[at : at + len(edit.before)] or name[max(at - 1, 0) : max(at, 1)]
        parts.append(
            "".join(
                new.upper() if old.isupper() else new
                for new, old in zip(edit.after, model, strict=False)
            )
        )
        end = at + len(edit.before)
    return "".join([*parts, name[end:]])


def _titled(text: str) -> str:
    return re.sub("[a-z]+", lambda word: word[0].capitalize(), text.translate(_LOWER))


def _capitals(text: str) -> str:
    return re.sub("[a-z]", lambda letter: letter[0].upper(), text)
