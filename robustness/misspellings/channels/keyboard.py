"""Slips of the finger on a keyboard: QWERTY, QWERTZ, AZERTY, a touch screen and a phone's keypad.

Keys are neighbours when their middles lie at most 1.26 key widths apart; rows are staggered as ISO/IEC
9995 boards stagger them, and centred on a touch screen. On a keypad (ITU-T E.161) the letters of one key
are neighbours, since a tap too few or too many gives another of them. One slip a misspelling; which slip
is likelier is not modelled here, see `robustness.misspellings.noisy_channel` for what people really type.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import hypot
from typing import TYPE_CHECKING

from robustness.misspellings.channels.channel import Channel, Spelling
from robustness.misspellings.letters import QWERTY

if TYPE_CHECKING:
    from collections.abc import Iterator

REACH = 1.26
"""Largest distance of two neighbouring keys, in key widths."""

_BOARD = (0.0, 0.5, 0.75, 1.25)
_TOUCH = (0.0, 0.0, 0.5, 1.5)
_ROWS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "QWERTY": (("1234567890", *QWERTY), _BOARD),
    "QWERTZ": (("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm"), _BOARD),
    "AZERTY": (("", "azertyuiop", "qsdfghjklm", "wxcvbn"), _BOARD),
    "touch screen": (("1234567890", *QWERTY), _TOUCH),
}
_KEYPAD = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")
LAYOUTS = (*_ROWS, "keypad")
"""Every layout, in the order in which its slips come."""


@cache
def neighbours(layout: str) -> dict[str, str]:
    """The neighbours of each key of a layout, in alphabetical order.

    >>> neighbours("QWERTY")["m"], neighbours("AZERTY")["m"], neighbours("keypad")["m"]
    ('jkn', 'lp', 'no')
    """
    found: dict[str, set[str]] = {}
    for one, other in _adjacent(layout):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {key: "".join(sorted(near)) for key, near in found.items()}


def _adjacent(layout: str) -> Iterator[tuple[str, str]]:
    if layout == "keypad":
        for letters in _KEYPAD:
            yield from combinations(letters, 2)
        return
    rows, offsets = _ROWS[layout]
    middles = {
        key: (offset + column, float(line))
        for line, (keys, offset) in enumerate(zip(rows, offsets, strict=True))
        for column, key in enumerate(keys)
    }
    for (one, (x, y)), (other, (u, v)) in combinations(middles.items(), 2):
        if hypot(x - u, y - v) <= REACH:
            yield one, other


def _spell(name: str) -> Iterator[Spelling]:
    for layout in LAYOUTS:
        for i, letter in enumerate(name):
            for near in _near(letter, layout):
                yield Spelling(name[:i] + near + name[i + 1 :], f"neighbour key ({layout})")
    for i, letter in enumerate(name):
        yield Spelling(name[:i] + name[i + 1 :], "missed key")
        yield Spelling(name[:i] + letter + name[i:], "key hit twice")
        yield Spelling(name[:i] + name[i + 1 : i + 2] + letter + name[i + 2 :], "keys swapped")
        for near in _near(letter, "QWERTY"):
            yield Spelling(name[: i + 1] + near + name[i + 1 :], "second key hit too")


def _near(letter: str, layout: str) -> str:
    near = neighbours(layout).get(letter.lower(), "")
    return near.replace("ß", "").upper() if letter.isupper() else near


CHANNEL = Channel(
    name="keyboard",
    description="a slip of the finger: a neighbouring, missed, doubled or swapped key",
    spell=_spell,
    equiprobable=True,
)
