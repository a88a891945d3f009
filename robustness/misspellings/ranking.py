"""One-edit variants of a name, the edits that people make most first.

A noisy channel without context (Kernighan, Church and Gale 1990): how often people made each edit (this
letter for that one, this letter dropped) in the observed misspellings, out of how often they could have,
with half a count for edits never seen. It knows nothing about neighbouring letters, and makes one edit
only.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache

from robustness.misspellings.edits import Edit, one_edit_variants
from robustness.misspellings.misspelling import Misspelling, describe
from robustness.misspellings.observed import load_observed

_UNSEEN = 0.5


def rank(name: str, limit: int) -> tuple[Misspelling, ...]:
    """The most probable one-edit misspellings of a name.

    Args:
        name: A name in lower case.
        limit: How many at most, at least 0.

    Returns:
        Distinct misspellings, most probable first, ties in alphabetical order; never the name itself.
        Collisions are not removed here, see `robustness.drugs.KnownNames.is_another_drug`.
    """
    return tuple(
        describe(text, name, "one_edit", probability=probability)
        for text, probability in _scored(name)[:limit]
    )


@lru_cache(maxsize=1024)
def _scored(name: str) -> tuple[tuple[str, float], ...]:
    rates = {
        text: _rate(edit)
        for text, edit in one_edit_variants(name)
        if len(text) > 1 and " " not in edit.before + edit.after
    }
    total = sum(rates.values())
    ordered = sorted(rates.items(), key=lambda item: (-item[1], item[0]))
    return tuple((text, rate / total) for text, rate in ordered)


def _rate(edit: Edit) -> float:
    made, possible = _counts()
    return (made[edit.operator, edit.before, edit.after] + _UNSEEN) / (possible[_place(edit)] + 1)


@cache
def _counts() -> tuple[Counter[tuple[str, str, str]], Counter[str]]:
    """How often each edit was made, and how often each place for one came by."""
    made: Counter[tuple[str, str, str]] = Counter()
    possible: Counter[str] = Counter()
    for group in load_observed().values():
        for misspelling in group:
            if misspelling.distance == 1:
                edit = misspelling.edits[0]
                made[edit.operator, edit.before, edit.after] += 1
                possible.update(_places(misspelling.intended))
    return made, possible


def _place(edit: Edit) -> str:
    if edit.operator == "insertion":
        return ""
    return edit.after if edit.operator == "doubling" else edit.before


def _places(name: str) -> list[str]:
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return [*name, *pairs, *[""] * (len(name) + 1)]
