"""The most probable misspellings of a name, and draws from the noisy channel, without collisions.

`rank` and `sample` see the same `distribution`. Edits fall on the letters a to z alone: digits, hyphens, spaces
and letters of other scripts stay, and the case pattern of the name is kept.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.misspellings.case_pattern import recase
from robustness.misspellings.letters import lower_letters
from robustness.misspellings.misspelling import Draws, Misspelling
from robustness.misspellings.noisy_channel.table import load_channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.misspellings.noisy_channel.channel_model import Distribution, NoisyChannel
    from robustness.misspellings.noisy_channel.edit_features import Codes

_SPARE = 12
"""How many more misspellings than asked for are looked at first, because some collide."""


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
            `letters.LONGEST` characters or a line break.

    >>> [one.text for one in rank("metformin", 3)]
    ['metfomin', 'meformin', 'metormin']
    """
    kept, _ = _ranked(name, limit, channel)
    return tuple(kept)


def distribution(name: str, *, channel: NoisyChannel | None = None) -> Distribution:
    """Every misspelling of a name that the noisy channel can make, collisions included, in lower case.

    Args:
        name: As for `rank`.
        channel: The noisy channel. Default: the shipped one.

    Raises:
        InputError: As for `rank`, but for the limit.

    >>> found = distribution("metformin")
    >>> [found.texts[row] for row in found.best(3)], round(float(found.probability.sum()), 9)
    (['metfomin', 'meformin', 'metormin'], 1.0)
    """
    return (channel or load_channel()).distribution(lower_letters(name))


def draw_ranked(name: str, limit: int, *, channel: NoisyChannel | None = None) -> Draws:
    """As `rank`, with the collisions that are at least as probable as the last one kept."""
    kept, collided = _ranked(name, limit, channel)
    known = load_known_names()
    others = ((one, known.is_another_drug(one.text, name)) for one in collided)
    return Draws(tuple(kept), tuple((one, other) for one, other in others if other is not None))


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
    ranked = rank(name, 1_000_000, channel=channel)
    random = Random(f"{seed}|noisy|{name}")
    # The smallest of exponential variables with these rates comes first as often as its share says
    # (Efraimidis and Spirakis 2006), so that one pass orders all draws.
    keyed = [
        (random.expovariate(1.0) / max(one.probability or 0.0, 1e-300), k, one)
        for k, one in enumerate(ranked)
    ]
    return tuple(one for _, _, one in sorted(keyed)[:n])


def _ranked(
    name: str, limit: int, channel: NoisyChannel | None
) -> tuple[list[Misspelling], list[Misspelling]]:
    """What `rank` gives, and the collisions that are at least as probable as the last of these."""
    if limit < 0:
        raise InputError("A negative limit", value=limit, hint="Give 0 or more.")
    found = distribution(name, channel=channel)
    kept: list[Misspelling] = []
    collided: list[Misspelling] = []
    seen = 0
    while len(kept) < limit and seen < len(found):
        rows = found.best(seen + limit - len(kept) + _SPARE)[seen:]
        seen += len(rows)
        bad = _collisions(found, rows)
        for row, one in enumerate(_misspellings(name, found, rows)):
            if len(kept) == limit:
                break
            (collided if row in bad else kept).append(one)
    return kept, collided


def _misspellings(name: str, found: Distribution, rows: Codes) -> Iterator[Misspelling]:
    """What some rows of a distribution are, in the case pattern of the name."""
    probabilities = found.probability[rows].tolist()
    for row, edits, probability in zip(
        rows.tolist(), found.edits(rows), probabilities, strict=True
    ):
        text, done = found.texts[row], edits
        if found.name != name:
            text, done = recase(name, edits)
        operator = "+".join([edit.operator for edit in edits])
        yield Misspelling(text, name, operator, done, "noisy", 0, probability)


def _collisions(found: Distribution, rows: Codes) -> set[int]:
    """Which of some rows, by index, make what is, or is as near to, another drug's name."""
    known = load_known_names()
    texts = [found.texts[row] for row in rows.tolist()]
    if not found.name.isascii():
        # Where marks are joined with letters, one edit may be more edits of what names are compared by.
        return set(known.collisions(texts, found.name))
    neighbours = known.neighbours(found.name, 2)
    double = found.numbers[1, rows] >= 0
    collided: set[int] = set()
    for edits, holds in ((1, ~double), (2, double)):
        some = holds.nonzero()[0].tolist()
        bad = neighbours.collide([texts[k] for k in some], edits)
        collided.update(some[k] for k in bad)
    return collided
