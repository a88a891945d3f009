"""The right letters, set otherwise: case, Tall Man, hyphens, spaces, line breaks, a dose glued on.

Tall Man lettering is the FDA's where the name is in `lookalikes.csv`, and is not made up elsewhere.
Doses are the commonest round strengths; whether the drug is sold in them is not looked at, since what is
tested is the missing space.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from robustness.drugs.drug import load_look_alikes
from robustness.misspellings.channels.channel import Channel, Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

DOSES = ("5mg", "10mg", "20mg", "50mg", "100mg", "500mg", "1g", "50mcg", "5mg/ml")
FORMS = ("tab", "tabs", "caps", "inj")
PUNCTUATION = (".", ",", ";", ":", "!", "?", ")", "'", '"', "...", "*", "\u00ae", "\u2122")
BREAKS = {
    "line break": "\n",
    "line break after a hyphen": "-\n",
    "line break (carriage return)": "\r\n",
    "tab": "\t",
}
_INSIDE = {
    "inserted hyphen": "-",
    "inserted space": " ",
    "inserted underscore": "_",
    "inserted full stop": ".",
    "inserted slash": "/",
} | BREAKS


@cache
def tall_man() -> dict[str, str]:
    """Tall Man lettering by name in lower case, as the FDA writes it."""
    pairs = load_look_alikes()
    return {one.name: one.tall_man for one in pairs} | {
        one.lookalike: one.lookalike_tall_man for one in pairs
    }


def _spell(name: str) -> Iterator[Spelling]:
    yield from _cases(name)
    for mark in PUNCTUATION:
        yield Spelling(name + mark, "trailing punctuation")
    for before, after in (("(", ")"), ('"', '"'), ("*", "*"), ("<", ">")):
        yield Spelling(before + name + after, "set in brackets or quotes")
    for dose in DOSES:
        yield Spelling(name + dose, "dose glued on")
        yield Spelling(f"{name}-{dose}", "dose after a hyphen")
    for form in FORMS:
        yield Spelling(name + form, "dosage form glued on")
    for operator, inside in _INSIDE.items():
        for i in range(1, len(name)):
            if name[i - 1].isalnum() and name[i].isalnum():
                yield Spelling(name[:i] + inside + name[i:], operator)
    for operator, joint in (
        ("joined words", ""),
        ("hyphen for space", "-"),
        ("doubled space", "  "),
    ):
        yield Spelling(name.replace(" ", joint), operator)
    yield Spelling(name.replace("-", ""), "hyphen left out")
    yield Spelling(name.replace("-", " "), "space for hyphen")


def _cases(name: str) -> Iterator[Spelling]:
    tall = tall_man().get(name.lower())
    if tall is not None:
        yield Spelling(tall, "Tall Man")
    yield Spelling(name.upper(), "capitals")
    yield Spelling(name.lower(), "lower case")
    yield Spelling(name.title(), "first letter capital")
    yield Spelling(name[:1].lower() + name[1:].upper(), "caps lock")
    letters = (c.upper() if i % 2 else c.lower() for i, c in enumerate(name))
    yield Spelling("".join(letters), "alternating case")
    for i, letter in enumerate(name):
        yield Spelling(name[:i] + letter.swapcase() + name[i + 1 :], "one letter in the other case")


CHANNEL = Channel(
    name="formatting",
    description="the right letters set otherwise: case, hyphens, spaces, line breaks, a glued dose",
    spell=_spell,
    equiprobable=True,
)
