"""How likely a text is as a misspelling of one name: a confusion model in the manner of Kernighan et al. (1990).

The channel of `robustness.misspellings` works out everything that can be made of a name, which takes
about a millisecond; a guard looks at one text and may take one millisecond for a whole question. Here only the
edits that were made are weighed: counts of what people typed, smoothed by adding one half. It is fitted in
some milliseconds, so that it can be fitted again without the drugs that something is measured on.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from robustness.misspellings import edits_between, load_observed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from robustness.misspellings import Edit, Misspelling

SMOOTHING = 0.5
"""Added to every count."""
ALPHABET = 26
OPERATORS = 6


@dataclass(frozen=True, slots=True)
class ConfusionModel:
    """Counts of edits, and what follows from them."""

    operators: Mapping[str, int]
    """How often each operator was seen."""
    letters: Mapping[tuple[str, str, str], int]
    """How often each operator took and wrote these letters."""
    taken: Mapping[tuple[str, str], int]
    """How often each operator took these letters."""
    first_letter_share: float
    """Share of edits that change the first letter."""
    two_edit_share: float
    """Share of misspellings with two edits."""

    def log_probability(self, text: str, name: str) -> float:
        """Natural logarithm of the probability that somebody who means `name` and misspells it writes `text`.

        Both in the form in which names are compared (`drugs.known_names.normalise`). More than two edits
        cost as much again as the second did.

        >>> model = load_confusions()
        >>> model.log_probability("metfomin", "metformin") > model.log_probability("metfozmin", "metformin")
        True
        """
        edits = aligned(name, text)
        if not edits:
            return 0.0
        share = self.two_edit_share
        start = math.log(1 - share) if len(edits) == 1 else (len(edits) - 1) * math.log(share)
        return start + sum(self._edit(edit, name) for edit in edits)

    def _edit(self, edit: Edit, name: str) -> float:
        operator = operator_of(edit, name)
        total = sum(self.operators.values())
        kind = (self.operators.get(operator, 0) + SMOOTHING) / (total + OPERATORS * SMOOTHING)
        share = self.first_letter_share
        rest = _doubles(name) if operator == "undoubling" else len(name) - 1
        place = share if edit.position == 0 else (1 - share) / max(rest, 1)
        return math.log(kind) + math.log(place) + math.log(self._letters(operator, edit))

    def _letters(self, operator: str, edit: Edit) -> float:
        """How likely what is written is, the operator and the place given."""
        if operator not in ("substitution", "insertion"):
            return 1.0
        seen = self.letters.get((operator, edit.before, edit.after), 0)
        total = self.taken.get((operator, edit.before), 0)
        return (seen + SMOOTHING) / (total + ALPHABET * SMOOTHING)


def aligned(name: str, text: str) -> tuple[Edit, ...]:
    """The edits between two texts, by `edits_between` on what is left without equal beginnings and ends.

    Shorter than the alignment of the whole, and as short a list of edits.
    """
    shorter = min(len(name), len(text))
    begin = next((k for k in range(shorter) if name[k] != text[k]), shorter)
    rest = shorter - begin
    end = next((k for k in range(rest) if name[-1 - k] != text[-1 - k]), rest)
    core = edits_between(name[begin : len(name) - end], text[begin : len(text) - end])
    return tuple(replace(edit, position=edit.position + begin) for edit in core)


def operator_of(edit: Edit, name: str) -> str:
    """The operator of an edit of a name, with doubling and undoubling where the same letter is next to it.

    >>> operator_of(aligned("penicillin", "penicilin")[0], "penicillin")
    'undoubling'
    """
    at, taken = edit.position, len(edit.before)
    beside = (name[max(at - 1, 0) : at], name[at + taken : at + taken + 1])
    if edit.operator == "deletion" and edit.before in beside:
        return "undoubling"
    if edit.operator in ("insertion", "doubling"):
        return "doubling" if edit.after in beside else "insertion"
    return edit.operator


def _doubles(name: str) -> int:
    return sum(left == right for left, right in pairwise(name))


def fit_confusions(observed: Iterable[Misspelling]) -> ConfusionModel:
    """The confusion model of misspellings that people typed.

    Args:
        observed: Misspellings with their edits. The share of two-edit ones is counted among those of
            adverse-event reports, because the other source has none.
    """
    every = list(observed)
    made = [(edit, one.intended) for one in every for edit in aligned(one.intended, one.text)]
    edits = [edit for edit, _ in made]
    operators = Counter(operator_of(edit, name) for edit, name in made)
    letters = Counter((operator_of(edit, name), edit.before, edit.after) for edit, name in made)
    taken = Counter((operator_of(edit, name), edit.before) for edit, name in made)
    reported = [one.distance for one in every if one.reports]
    first = sum(edit.position == 0 for edit in edits)
    return ConfusionModel(
        dict(operators),
        dict(letters),
        dict(taken),
        (first + SMOOTHING) / (len(edits) + 2 * SMOOTHING),
        (reported.count(2) + SMOOTHING) / (len(reported) + 2 * SMOOTHING),
    )


@cache
def load_confusions() -> ConfusionModel:
    """The model of all shipped misspellings."""
    return fit_confusions(one for group in load_observed().values() for one in group)
