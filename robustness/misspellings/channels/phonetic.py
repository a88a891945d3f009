"""Respellings that sound the same: ``fenytoin`` for phenytoin, ``metphormin`` for metformin.

Candidates come from a small table of letter groups that English pronounces alike (own compilation, after
the rules of Philips 1990 and the orthography of drug names in FDA's phonetic and orthographic name
comparison); each is confirmed by an independent encoder: its Metaphone code (Philips 1990), as the
package jellyfish computes it, must be that of the name. Metaphone leaves vowels out, so vowels are only
exchanged inside the table's groups. One rewriting, then two. The case of a name is kept where it is all
capitals or a first capital, not where it is mixed. English only; a name without a Metaphone
code, such as one in Arabic script, has no respelling here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jellyfish import metaphone

from robustness.misspellings.channels.channel import Channel, Spelling, recase

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUPS = (
    ("ph", "f", "ff"),
    ("c", "k", "ck"),
    ("ch", "k"),
    ("qu", "kw"),
    ("x", "ks", "cks", "cs"),
    ("x", "z"),
    ("s", "c", "z", "ss", "sc"),
    ("ps", "s"),
    ("pn", "n"),
    ("j", "g"),
    ("th", "t"),
    ("rh", "r"),
    ("i", "y"),
    ("ie", "y"),
    ("ee", "i", "ea", "ie"),
    ("ine", "een", "in", "ene", "ean"),
    ("ae", "e"),
    ("oe", "e"),
    ("oo", "u"),
    ("ou", "u"),
    ("o", "oh"),
    ("or", "ore", "our"),
    ("er", "ir", "ur"),
    ("ole", "oll", "oal"),
    ("ate", "ait"),
    ("ide", "yde"),
    ("tion", "shun"),
    ("we", "whe"),
)
"""Letter groups that are pronounced alike, at least somewhere."""

_DOUBLED = "bdfglmnprst"
_RULES = tuple(
    (one, other) for group in GROUPS for one in group for other in group if one != other
) + tuple(rule for c in _DOUBLED for rule in ((c, c * 2), (c * 2, c)))


def sound(name: str) -> str:
    """The Metaphone code of a name, spaces left out; empty where it has none.

    >>> sound("phenytoin"), sound("fenitoin")
    ('FNTN', 'FNTN')
    """
    return metaphone(name).replace(" ", "")


def _spell(name: str) -> Iterator[Spelling]:
    lower = name.lower()
    code = sound(lower)
    if not code or len(lower) != len(name):
        return
    for text, operator, _ in _confirmed(lower, code, 0):
        yield Spelling(recase(name, text), operator)
    for text, _, end in _confirmed(lower, code, 0):
        for again, _, _ in _confirmed(text, code, end):
            yield Spelling(recase(name, again), "two respellings")


def _confirmed(name: str, code: str, start: int) -> Iterator[tuple[str, str, int]]:
    for text, operator, end in _rewritten(name, start):
        if sound(text) == code:
            yield text, operator, end


def _rewritten(name: str, start: int) -> Iterator[tuple[str, str, int]]:
    """One rewriting from `start` on: the text, what was done, and where the rewriting ends."""
    for i in range(start, len(name)):
        for before, after in _RULES:
            if name.startswith(before, i) and not (i == 0 and after == before * 2):
                text = name[:i] + after + name[i + len(before) :]
                yield text, f"{after} for {before}", i + len(after)


CHANNEL = Channel(
    name="phonetic",
    description="respelled as it sounds, confirmed by an equal Metaphone code",
    spell=_spell,
    equiprobable=False,
)
