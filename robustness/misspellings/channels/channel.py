"""The port of a channel: a name goes in, the ways that this channel writes it come out.

A channel is pure and lazy: it holds no state, draws nothing at random and never asks whether a spelling
is another drug's name. Drawing, and the check against other drugs, are in `registry`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from robustness.drugs.known_names import normalise
from robustness.misspellings.edits import Edit, edits_between
from robustness.misspellings.letters import check_name
from robustness.misspellings.misspelling import Misspelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robustness.misspellings.misspelling import Channel as ChannelName


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name, before its edits are worked out."""

    text: str
    """The name as written."""
    operator: str
    """What was done, in a few words: ``rn for m``."""
    is_name: bool = False
    """Another name or an abbreviation of the same drug, not a distorted name."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in which names go wrong."""

    name: ChannelName
    """What it is called on the command line and in reports."""
    description: str
    """What it means, in one line."""
    spell: Callable[[str], Iterator[Spelling]]
    """The raw spellings of a name; may hold the name itself and duplicates."""
    equiprobable: bool
    """Whether its slips are taken as equally likely; else its misspellings have no probability."""

    def spellings(self, name: str) -> Iterator[Spelling]:
        """The distinct spellings of a name, in a fixed order, without the name itself.

        A spelling without any letter or digit is left out: nothing is left of the name.

        Raises:
            InputError: The name has no letter or digit, more than `LONGEST` characters, or
                characters that cannot be written as UTF-8.
        """
        name = check_name(name)
        seen = {name}
        for one in self.spell(name):
            if one.text not in seen and normalise(one.text):
                seen.add(one.text)
                yield one

    def variants(self, name: str) -> Iterator[Misspelling]:
        """The distinct misspellings of a name, in a fixed order; collisions are not left out.

        Raises:
            InputError: As `spellings`.
        """
        name = check_name(name)
        return (self.misspelling(one, name) for one in self.spellings(name))

    def misspelling(
        self, one: Spelling, name: str, *, probability: float | None = None
    ) -> Misspelling:
        """A spelling of this channel as a misspelling, with its edits worked out."""
        edits = quick_edits(name, one.text)
        return Misspelling(one.text, name, one.operator, edits, self.name, 0, probability)


def recase(name: str, text: str) -> str:
    """A lower-case text in the case pattern of a name: all capitals, first capital, or as it is.

    >>> recase("METFORMIN", "metfourmin"), recase("Metformin", "metfourmin")
    ('METFOURMIN', 'Metfourmin')
    """
    if len(name) > 1 and name.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if name[:1].isupper() else text


def quick_edits(intended: str, text: str) -> tuple[Edit, ...]:
    """The edits of `edits_between`, worked out only where the two names differ.

    As few edits as there; where several lists are equally short, it may be another one of them.

    >>> quick_edits("metformin", "metfromin")
    (Edit(operator='transposition', position=4, before='or', after='ro'),)
    """
    head = max(_shared(intended, text) - 1, 0)
    left, right = intended[head:], text[head:]
    tail = _shared(left[::-1], right[::-1])
    edits = edits_between(left[: len(left) - tail], right[: len(right) - tail])
    return tuple(Edit(e.operator, e.position + head, e.before, e.after) for e in edits)


def _shared(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
