"""Texts from models and tables made fit to be read: invisible characters shown, lengths bounded.

Used by every format. It does not escape anything: that is the job of each format.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"[^ -~]")
_LONGEST_TEXT = 2000


def visible(text: str, *, longest: int = _LONGEST_TEXT) -> str:
    r"""A text with invisible characters written as code points, and cut where it is too long.

    Control characters, lone surrogates, spaces of no or unusual width and marks that turn the direction of
    writing are all shown, so that nothing can hide in a report.

    Args:
        text: Any text.
        longest: Characters that are kept; what was cut is counted.

    >>> visible("a\u200bb\u202e")
    'a[U+200B]b[U+202E]'
    >>> visible("x" * 5000, longest=3)
    'xxx… (5,000 characters)'
    """
    cut = f"… ({len(text):,} characters)" if len(text) > longest else ""
    kept = text[:longest]
    if not kept.isprintable():
        kept = _HIDDEN.sub(lambda found: _code_point(found[0]), kept)
    return kept + cut


def visible_edit(text: str) -> str:
    r"""What an edit put in or took out: letters that look like others get their code point too.

    >>> [ascii(visible_edit(text)) for text in ("\u0430", "a")], visible_edit(" ")
    (["'\\u0430[U+0430]'", "'a'"], '␣')
    """
    shown = visible(text.replace(" ", "␣"))
    if text.isascii():
        return shown
    return "".join(
        f"{char}[U+{ord(char):04X}]" if not char.isascii() and char not in "␣…" else char
        for char in shown
    )


def _code_point(char: str) -> str:
    return char if char.isprintable() else f"[U+{ord(char):04X}]"
