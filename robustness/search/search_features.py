"""What is known of a misspelling before it is asked: its edit, its probability, its tokens, its rivals.

A rival is another drug of the leaflet: a misspelling that has come nearer to one may get its answer. All
features lie roughly between -1 and 1, so that one prior fits them all. Without a tokenizer the features of
tokens are 0, without a leaflet those of rivals are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from robustness.tokenizers import xray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from robustness.questions import Case
    from robustness.search.neighbourhood import Neighbourhood
    from robustness.tokenizers import Tokenizer

    Array = NDArray[np.float64]

SPELLING = (
    "bias",
    "log_probability",
    "substitution",
    "deletion",
    "insertion",
    "doubling",
    "transposition",
    "two_edits",
    "first_letter",
    "second_letter",
    "third_letter",
    "last_letter",
    "last_but_one",
    "place",
    "vowel_for_vowel",
    "rare_letter",
)
TOKENS = ("first_piece_kept", "pieces_kept", "prefix_kept", "fertility", "short_first_piece")
RIVALS = ("nearer_rival", "rivals_initial", "rivals_piece")
_VOWELS = frozenset("aeiouy")
_RARE = frozenset("jkqwxz")
_LONG_PIECE = 3


class Describer:
    """Describes the misspellings of names.

    Args:
        tokenizer: The model's; None where it shows none.
    """

    def __init__(self, tokenizer: Tokenizer | None) -> None:
        self._tokenizer = tokenizer
        self._of_names: dict[str, Array] = {}

    def of_name(self, near: Neighbourhood) -> Array:
        """The features `SPELLING` and `TOKENS` of a neighbourhood, shape (misspellings, features)."""
        if near.name not in self._of_names:
            self._of_names[near.name] = np.hstack([_spelling(near), self._tokens(near)])
        return self._of_names[near.name]

    def rivals(self, near: Neighbourhood, case: Case) -> Array:
        """The features `RIVALS` of a neighbourhood over the leaflet of a case."""
        rivals = sorted({fact.drug.lower() for fact in case.leaflet.facts} - {case.drug, near.name})
        found = np.zeros((len(near), len(RIVALS)))
        if not rivals or not len(near):
            return found
        texts = [one.text for one in near.misspellings]
        alike = process.cdist([near.name, *texts], rivals, scorer=JaroWinkler.similarity)
        found[:, 0] = np.clip(4 * (alike[1:] - alike[0]).max(axis=1), -1, 1)
        initials = {rival[0] for rival in rivals} - {near.name[0]}
        found[:, 1] = [text[0] in initials for text in texts]
        if self._tokenizer is not None:
            found[:, 2] = self._shared(texts, rivals, near.name)
        return found

    def first_pieces(self, near: Neighbourhood) -> NDArray[np.int64]:
        """Which misspellings begin with the same piece: equal numbers for equal pieces."""
        if self._tokenizer is None:
            initials = [one.text[:1] for one in near.misspellings]
            return np.unique(initials, return_inverse=True)[1].astype(np.int64)
        rows = self._tokenizer.encode([one.text for one in near.misspellings]).split()
        return np.array([row[0] if row else -1 for row in rows], dtype=np.int64)

    def _tokens(self, near: Neighbourhood) -> Array:
        found = np.zeros((len(near), len(TOKENS)))
        if self._tokenizer is None or not len(near):
            return found
        seen = xray(self._tokenizer, [(near.name, one.text) for one in near.misspellings])
        correct = np.maximum(seen.pieces_correct, 1)
        firsts = self._tokenizer.encode([one.text for one in near.misspellings])
        ends = np.cumsum(firsts.counts) - firsts.counts
        lengths = (firsts.spans[:, 1] - firsts.spans[:, 0])[np.minimum(ends, len(firsts.ids) - 1)]
        found[:, 0] = seen.first_kept
        found[:, 1] = seen.jaccard
        found[:, 2] = seen.common_prefix / correct
        found[:, 3] = np.clip((seen.pieces_misspelled - seen.pieces_correct) / 2, -1, 1)
        found[:, 4] = lengths < _LONG_PIECE
        return found

    def _shared(self, texts: Sequence[str], rivals: Sequence[str], name: str) -> list[bool]:
        """Whether a misspelling has a piece of a rival that the correct name does not have."""
        assert self._tokenizer is not None
        own, *rows = map(set, self._tokenizer.encode([name, *rivals, *texts]).split())
        theirs = set().union(*rows[: len(rivals)]) - own
        return [bool(row & theirs) for row in rows[len(rivals) :]]


def _spelling(near: Neighbourhood) -> Array:
    rows = []
    for one in near.misspellings:
        edit = one.edits[0]
        operators = {each.operator for each in one.edits}
        written = {letter for each in one.edits for letter in each.after}
        vowels = bool(edit.before) and set(edit.before + edit.after) <= _VOWELS
        rows.append(
            (
                1.0,
                1 + np.log(max(one.probability or 0.0, 1e-12)) / 10,
                *(
                    name in operators
                    for name in (
                        "substitution",
                        "deletion",
                        "insertion",
                        "doubling",
                        "transposition",
                    )
                ),
                one.distance == 2,
                edit.position == 0,
                edit.position == 1,
                edit.position == 2,
                edit.position >= len(near.name) - 1,
                edit.position == len(near.name) - 2,
                edit.position / max(len(near.name), 1),
                vowels,
                bool(written & _RARE),
            )
        )
    return np.array(rows, dtype=float).reshape(len(near), len(SPELLING))
