"""Every channel by name, and drawing from one: distinct misspellings that are no other drug's name.

What is drawn depends on the channel, the name and the seed alone. Operators take turns, so that a few
draws show as many kinds of error as there are; among the spellings of one operator the seed decides. This
module does not rank by how often people make an error, see `robustness.misspellings.noisy_channel`.
"""

from __future__ import annotations

from itertools import islice, zip_longest
from random import Random
from typing import TYPE_CHECKING

from robustness.drugs.known_names import load_known_names, normalise
from robustness.errors import InputError, nearest
from robustness.misspellings.channels import (
    formatting,
    keyboard,
    naming,
    ocr,
    phonetic,
    shortening,
    speech,
    unicode,
)
from robustness.misspellings.letters import check_name
from robustness.misspellings.misspelling import Draws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.misspellings.channels.channel import Channel, Spelling
    from robustness.misspellings.misspelling import Misspelling

CHANNELS: dict[str, Channel] = {
    module.CHANNEL.name: module.CHANNEL
    for module in (keyboard, phonetic, ocr, speech, unicode, formatting, shortening, naming)
}
"""Every channel of this folder, in the order in which they are shown."""

POOL = 2000
"""How many spellings of a name are drawn from, the first of the channel's; names of ordinary length have fewer."""


def find_channel(name: str) -> Channel:
    """The channel of this name.

    Raises:
        InputError: There is none; the message holds the nearest one.
    """
    if name not in CHANNELS:
        raise InputError("Unknown channel", value=name, hint=nearest(name, CHANNELS))
    return CHANNELS[name]


def misspell_through(
    channel: str, name: str, *, limit: int, seed: int = 0
) -> tuple[Misspelling, ...]:
    """Misspellings of a name through one channel, drawn without replacement.

    Args:
        channel: One of `CHANNELS`.
        name: Any name, in any case, of at most 1,000 characters.
        limit: How many at most, at least 0; a channel may know fewer.
        seed: Decides which are drawn and their order.

    Returns:
        Distinct misspellings; never the name itself and never a collision. A larger limit only adds
        to the end. Where the channel takes its slips as equally likely, `probability` is the chance of
        coming first: operators alike, then the spellings of one operator alike, collisions included.
        Elsewhere it is None, for nothing is known about how often people do this.

    Raises:
        InputError: An unknown channel, a negative limit or a name that is none.

    >>> [one.text for one in misspell_through("naming", "metformin", limit=1)]
    ['Glucophage']
    """
    return draw_through(channel, name, limit=limit, seed=seed).kept


def draw_through(channel: str, name: str, *, limit: int, seed: int = 0) -> Draws:
    """As `misspell_through`, with the collisions that were met on the way."""
    one = find_channel(channel)
    name = check_name(name)
    if limit < 0:
        raise InputError("A negative limit", value=limit, hint="Give 0 or more.")
    kept: list[Misspelling] = []
    collisions: list[tuple[Misspelling, str]] = []
    drawn = _drawn(one, name, Random(f"{seed}|{channel}|{name}"))
    while len(kept) < limit and (draw := next(drawn, None)) is not None:
        spelling, chance = draw
        misspelling = one.misspelling(spelling, name, probability=chance)
        other = other_drug(spelling, name)
        if other is None:
            kept.append(misspelling)
        else:
            collisions.append((misspelling, other))
    return Draws(tuple(kept), tuple(collisions))


def other_drug(spelling: Spelling, intended: str) -> str | None:
    """The other drug that a spelling is taken for, or None.

    A distorted name collides when it is, or is as near to, another drug's name. Another name or an
    abbreviation of the same drug is far from the intended name by nature: it collides only when it
    is exactly a name of another drug, or of several.

    >>> from robustness.misspellings.channels.channel import Spelling
    >>> other_drug(Spelling("Zovirax", "brand for generic", is_name=True), "acyclovir") is None
    True
    """
    if normalise(spelling.text) == normalise(intended):
        return None  # the oracle would say so too, after comparing with every name
    known = load_known_names()
    if not spelling.is_name:
        return known.is_another_drug(spelling.text, intended)
    own = known.substances(intended) or {normalise(intended)}
    return next(iter(sorted(known.substances(spelling.text) - own)), None)


def _drawn(channel: Channel, name: str, random: Random) -> Iterator[tuple[Spelling, float | None]]:
    groups: dict[str, list[Spelling]] = {}
    for spelling in islice(channel.spellings(name), POOL):
        groups.setdefault(spelling.operator, []).append(spelling)
    order = list(groups.values())
    random.shuffle(order)
    for group in order:
        random.shuffle(group)
    for turn in zip_longest(*order):
        for group, spelling in zip(order, turn, strict=True):
            if spelling is not None:
                chance = 1 / len(order) / len(group) if channel.equiprobable else None
                yield spelling, chance
