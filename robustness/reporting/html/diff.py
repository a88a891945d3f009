"""Mark what differs between a name and its misspelling, and show how a tokenizer cut them.

The marks are ``ins`` and ``del``, so that they are there without a style sheet and without colour.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from robustness.misspellings import edits_between
from robustness.visible import visible, visible_edit

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_NAME = 80
_MOST_PIECES = 40


@lru_cache(maxsize=8192)
def marked_names(name: str, misspelling: str) -> tuple[Markup, Markup]:
    """The name with what was lost marked, and the misspelling with what was put in marked.

    >>> [str(text) for text in marked_names("metformin", "metfromin")]
    ['metf<del>or</del>min', 'metf<ins>ro</ins>min']
    >>> [str(text) for text in marked_names("warfarin", "warfrin")]
    ['warf<del>a</del>rin', 'warfrin']
    """
    if max(len(name), len(misspelling)) > _LONGEST_NAME:
        longest = _LONGEST_NAME
        return escape(visible(name, longest=longest)), escape(visible(misspelling, longest=longest))
    meant, written, position = [Markup("")], [Markup("")], 0
    for edit in edits_between(name, misspelling):
        kept = escape(visible(name[position : edit.position]))
        meant += [kept, _marked("del", edit.before)]
        written += [kept, _marked("ins", edit.after)]
        position = edit.position + len(edit.before)
    kept = escape(visible(name[position:]))
    return Markup("").join([*meant, kept]), Markup("").join([*written, kept])


def pieces(tokens: Iterable[str]) -> Markup:
    """Token pieces, each in a box of its own.

    >>> str(pieces(["met", "##<"]))
    '<u>met</u> <u>##&lt;</u>'
    """
    shown = list(tokens)
    boxes = [Markup("<u>{}</u>").format(visible(piece)) for piece in shown[:_MOST_PIECES]]
    if len(shown) > _MOST_PIECES:
        boxes.append(escape(f"… ({len(shown):,} tokens)"))
    return Markup(" ").join(boxes)


def _marked(tag: str, text: str) -> Markup:
    if not text:
        return Markup("")
    return Markup("<{tag}>{text}</{tag}>").format(tag=tag, text=visible_edit(text))
