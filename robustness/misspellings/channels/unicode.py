"""The same name in other characters: look-alikes from other scripts, invisible ones, other forms.

Homoglyphs are a small own compilation of single letters that the Unicode confusables (Unicode Technical
Standard #39, Unicode Security Mechanisms) hold to be confusable with a Latin one. Forms are those of Unicode
Standard Annex #15. Everything here looks like the name, or nearly so, on a screen; nothing of it is a
spelling error, and a reader that normalises its input (NFKC, format characters removed) is immune to all
but homoglyphs and marks.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from robustness.misspellings.channels.channel import Channel, Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

HOMOGLYPHS = {
    "a": "\u0430\u03b1\u0251",
    "c": "\u0441\u1d04",
    "d": "\u0501",
    "e": "\u0435\u04bd",
    "f": "\u0584",
    "g": "\u0261\u0581",
    "h": "\u04bb\u0570",
    "i": "\u0456\u0131\u03b9",
    "j": "\u0458\u03f3",
    "l": "\u04c0\u0399\u01c0",
    "n": "\u0578",
    "o": "\u043e\u03bf\u0585",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "r": "\u0433",
    "s": "\u0455\ua731",
    "u": "\u057d\u03c5",
    "v": "\u03bd\u0475",
    "w": "\u051d\u0461",
    "x": "\u0445",
    "y": "\u0443\u04af",
    "z": "\u1d22",
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
    "C": "\u0421",
    "E": "\u0415\u0395",
    "H": "\u041d\u0397",
    "I": "\u0406\u0399",
    "J": "\u0408",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "N": "\u039d",
    "O": "\u041e\u039f",
    "P": "\u0420\u03a1",
    "S": "\u0405",
    "T": "\u0422\u03a4",
    "X": "\u0425\u03a7",
    "Y": "\u0423\u03a5",
    "Z": "\u0396",
    "3": "\u0417",
    "6": "\u0431",
}
"""Letters of other scripts that look like a Latin letter or a digit."""

INVISIBLE = {
    "zero-width space": "\u200b",
    "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
}
"""Characters that are not seen, by what they are called."""

MARKS = {
    "acute": "\u0301",
    "diaeresis": "\u0308",
    "cedilla": "\u0327",
    "dot below": "\u0323",
    "long stroke overlay": "\u0336",
}
"""Combining marks, by what they are called."""

LIGATURES = {
    "ffi": "\ufb03",
    "ffl": "\ufb04",
    "ff": "\ufb00",
    "fi": "\ufb01",
    "fl": "\ufb02",
    "st": "\ufb06",
    "ij": "\u0133",
    "ae": "\u00e6",
    "oe": "\u0153",
}
"""Letters written as one character."""

SPACES = {"non-breaking space": "\u00a0", "narrow non-breaking space": "\u202f"}
HYPHENS = {"non-breaking hyphen": "\u2011", "hyphen character": "\u2010", "en dash": "\u2013"}
FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")

_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def full_width(text: str) -> str:
    """A text with its ASCII characters in full width, as East Asian input methods write them.

    >>> unicodedata.normalize("NFKC", full_width("5-FU"))
    '5-FU'
    """
    return text.translate(_TO_FULL_WIDTH)


def _spell(name: str) -> Iterator[Spelling]:
    for form in FORMS:
        yield Spelling(unicodedata.normalize(form, name), form)
    yield Spelling(full_width(name), "full width")
    yield from _ligatures(name)
    yield from _spaces(name)
    for i, letter in enumerate(name):
        before, after = name[:i], name[i + 1 :]
        for glyph in HOMOGLYPHS.get(letter, ""):
            yield Spelling(before + glyph + after, "homoglyph")
        yield Spelling(before + full_width(letter) + after, "full-width letter")
        if letter.isalpha():
            yield from _marked(before, letter, after)
        if before:
            for operator, hidden in INVISIBLE.items():
                yield Spelling(before + hidden + letter + after, operator)
    yield Spelling("".join(HOMOGLYPHS.get(c, c)[0] for c in name), "homoglyphs throughout")


def _marked(before: str, letter: str, after: str) -> Iterator[Spelling]:
    for called, mark in MARKS.items():
        yield Spelling(f"{before}{letter}{mark}{after}", f"combining {called}")
        composed = unicodedata.normalize("NFC", letter + mark)
        if len(composed) == 1:
            yield Spelling(before + composed + after, f"letter with {called}")


def _ligatures(name: str) -> Iterator[Spelling]:
    for letters, one in LIGATURES.items():
        if letters in name:
            yield Spelling(name.replace(letters, one), "ligature")


def _spaces(name: str) -> Iterator[Spelling]:
    for operator, space in SPACES.items():
        written = name.replace(" ", space) if " " in name else name + space
        yield Spelling(written, operator)
    for operator, hyphen in HYPHENS.items():
        yield Spelling(name.replace("-", hyphen), operator)


CHANNEL = Channel(
    name="unicode",
    description="looks the same, other characters: homoglyphs, invisible characters, other forms",
    spell=_spell,
    equiprobable=True,
)
