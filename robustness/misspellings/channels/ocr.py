"""What a scanner or a reader makes of a printed or handwritten name: ``rnetformin``, ``metfcrmin``.

Printed shapes are an own compilation of confusions that are described again and again in work on
recognition errors (Kukich 1992, ACM Computing Surveys 24; Christen and Pudjijono 2009, the generator of
Febrl; Lopresti 2009, IJDAR 12). Handwritten shapes follow the orthographic checks that the FDA asks for
before a proprietary name is accepted (Best Practices in Developing Proprietary Names for Human
Prescription Drug Products, 2020: which scripted letters look like which). One shape is mistaken once, or
everywhere in the name, since a scanner errs the same way each time. No image is made or read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.misspellings.channels.channel import Channel, Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

PRINTED = (
    ("m", "rn"),
    ("m", "nn"),
    ("m", "in"),
    ("n", "ri"),
    ("d", "cl"),
    ("h", "li"),
    ("h", "b"),
    ("w", "vv"),
    ("u", "ii"),
    ("k", "lc"),
    ("g", "q"),
    ("i", "l"),
    ("l", "1"),
    ("l", "I"),
    ("i", "1"),
    ("i", "j"),
    ("I", "1"),
    ("t", "f"),
    ("e", "c"),
    ("c", "o"),
    ("o", "0"),
    ("O", "0"),
    ("O", "Q"),
    ("O", "D"),
    ("s", "5"),
    ("S", "5"),
    ("S", "8"),
    ("z", "2"),
    ("Z", "2"),
    ("B", "8"),
    ("B", "R"),
    ("G", "6"),
    ("C", "G"),
    ("E", "F"),
    ("P", "F"),
    ("b", "6"),
    ("g", "9"),
    ("v", "y"),
    ("fi", "h"),
)
"""Pairs of shapes that look alike in print; each is read for the other."""

HANDWRITTEN = (
    ("a", "o"),
    ("a", "u"),
    ("a", "ci"),
    ("o", "e"),
    ("u", "v"),
    ("u", "n"),
    ("n", "r"),
    ("n", "v"),
    ("n", "h"),
    ("r", "v"),
    ("m", "w"),
    ("e", "l"),
    ("e", "i"),
    ("l", "t"),
    ("l", "b"),
    ("f", "p"),
    ("g", "y"),
    ("y", "z"),
    ("x", "y"),
    ("d", "a"),
    ("q", "y"),
    ("A", "C"),
    ("L", "Z"),
    ("T", "F"),
    ("M", "N"),
    ("V", "U"),
)
"""Pairs of shapes that look alike in handwriting; each is read for the other."""

_TABLE = tuple(way for pair in PRINTED + HANDWRITTEN for way in (pair, pair[::-1]))


def _spell(name: str) -> Iterator[Spelling]:
    for before, after in _TABLE:
        operator = f"{after} for {before}"
        found = name.find(before)
        while found >= 0:
            yield Spelling(name[:found] + after + name[found + len(before) :], operator)
            found = name.find(before, found + 1)
        yield Spelling(name.replace(before, after), f"{operator}, everywhere")


CHANNEL = Channel(
    name="ocr",
    description="a printed or handwritten shape read for another one: rn for m, a for o",
    spell=_spell,
    equiprobable=True,
)
