"""The four arms of a pair: correct, misspelled, cut in another way, and another word misspelled.

Each arm asks the same question over the same context. The re-segmented arm keeps every character and
changes the ids of the name alone; the other-word arm keeps the name and puts the same kind of edits on
another word of the question, as a measure of what any disturbance does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from robustness.questions.prompt import Cut
from robustness.tokenizers.segmentation import resegment, stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.misspellings import Edit
    from robustness.models import Prompt
    from robustness.questions.pair import Pair
    from robustness.tokenizers import Tokenizer

_WORD = re.compile(r"[A-Za-z]{4,}")
_FUNCTION_WORDS = frozenset(
    [
        "what",
        "which",
        "this",
        "that",
        "these",
        "those",
        "with",
        "from",
        "into",
        "does",
        "have",
        "your",
        "mine",
        "there",
        "their",
        "they",
        "them",
        "been",
        "were",
        "will",
        "would",
        "should",
        "could",
        "when",
        "where",
        "while",
        "whose",
        "than",
        "then",
        "also",
        "only",
        "some",
        "such",
        "very",
    ]
)


@dataclass(frozen=True, slots=True)
class Arms:
    """What is asked about one pair in addition to its two cases."""

    pair: Pair
    resegmented: Prompt
    """The correct question, with the name cut in another way."""
    other_word: Prompt
    """The correct question, with another word misspelled."""
    as_many_pieces: bool
    """Whether the other cut has as many pieces as the misspelling."""


def make_arms(pair: Pair, tokenizer: Tokenizer, *, seed: int) -> Arms | str:
    """The arms of a pair, or why there are none, in a few words."""
    question, name = pair.baseline.question, pair.baseline.name
    start = question.find(name)
    if start < 0 or question.count(name) != 1:
        return "the name does not stand in the question exactly once"
    own = stretch(tokenizer, question, start, start + len(name))
    written = pair.case.question
    misspelled = stretch(tokenizer, written, start, start + len(pair.case.name))
    if own is None or misspelled is None:
        return "a piece reaches beyond the name"
    key = f"{seed}/{pair.case.id}"
    ids = resegment(tokenizer, own.ids, pieces=len(misspelled.ids), seed=f"{key}/cut")
    if ids is None:
        return "the vocabulary allows no other cut"
    other = _misspell_other_word(
        question, (start, start + len(name)), pair.misspelling.edits, Random(f"{key}/word")
    )
    if other is None:
        return "no other word takes such edits"
    prompt = pair.baseline.prompt
    return Arms(
        pair=pair,
        resegmented=replace(prompt, cut=Cut(own.start, own.end, ids)),
        other_word=replace(prompt, question=other),
        as_many_pieces=len(ids) == len(misspelled.ids),
    )


def _misspell_other_word(
    question: str, name: tuple[int, int], edits: Sequence[Edit], random: Random
) -> str | None:
    """The question with such edits on another content word, or None where none takes them."""
    words = [
        match
        for match in _WORD.finditer(question)
        if (match.end() <= name[0] or match.start() >= name[1])
        and match[0].lower() not in _FUNCTION_WORDS
        and len(match[0]) >= 2 * len(edits)
    ]
    for word in random.sample(words, len(words)):
        changed = put_edits(word[0], edits, name[1] - name[0])
        if changed is not None:
            return question[: word.start()] + changed + question[word.end() :]
    return None


def put_edits(word: str, edits: Sequence[Edit], length: int) -> str | None:
    """The same kinds of edit on another word, at about the same places.

    Args:
        word: What to change.
        edits: Edits of a name, left to right.
        length: Length of that name, to which the places of the edits refer.

    Returns:
        The word with every edit made, or None where one of them changes nothing.

    >>> from robustness.misspellings import edits_between
    >>> put_edits("condition", edits_between("metformin", "metfromin"), 9)
    'condtiion'
    """
    letters = list(word)
    for edit in reversed(edits):
        place = min(round(edit.position / max(1, length) * len(word)), len(letters) - 1)
        before = letters.copy()
        match edit.operator:
            case "substitution":
                letters[place] = edit.after
            case "deletion":
                del letters[place]
            case "insertion":
                letters.insert(place, edit.after)
            case "doubling":
                letters.insert(place, letters[place])
            case "transposition":
                place = min(place, len(letters) - 2)
                letters[place : place + 2] = letters[place : place + 2][::-1]
        if letters == before or not letters:
            return None
    return "".join(letters)
