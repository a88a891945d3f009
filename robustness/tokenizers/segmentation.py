"""Other valid ways to cut the same characters into pieces of the vocabulary.

A tokenizer gives one cut of a name; its vocabulary allows others. Feeding one of those changes the ids and
nothing else, which makes it the control that tells cuts from spelling (compare 2506.19004, where random
cuts cost little). This module only makes segmentations; `robustness.attribution.experiment` feeds them to a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.tokenizers.protocol import Tokenizer

_FARTHEST = 4
"""How many pieces more or less than wanted a cut may have."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The pieces that cover a stretch of a text, as the tokenizer cuts it."""

    start: int
    """First character that they cover; a space before the stretch may belong to them."""
    end: int
    """Where they end, exclusive."""
    ids: tuple[int, ...]


def stretch(tokenizer: Tokenizer, text: str, start: int, end: int) -> Stretch | None:
    """The pieces of a stretch of a text, or None when a piece reaches beyond it into other words."""
    cut = tokenizer.encode([text])
    spans = cut.spans.tolist()
    own = [i for i, (first, last) in enumerate(spans) if last > start and first < end]
    if not own:
        return None
    first, last = spans[own[0]][0], max(spans[i][1] for i in own)
    if last != end or text[first:start].strip():
        return None
    if own[0] > 0 and spans[own[0] - 1][1] > first:
        return None  # a piece before shares a character with the first one
    return Stretch(first, end, tuple(int(cut.ids[i]) for i in own))


def resegment(
    tokenizer: Tokenizer, ids: Sequence[int], *, pieces: int, seed: str
) -> tuple[int, ...] | None:
    """Another cut of the same characters.

    Args:
        tokenizer: Whose vocabulary to use.
        ids: The tokenizer's own cut.
        pieces: How many pieces to aim at; the nearest number that is possible is taken.
        seed: Decides which of the cuts, all of them equally likely.

    Returns:
        Ids that differ from `ids` and are turned into the very same text, or None where there are none or
        a piece is unknown.
    """
    written = _written(tokenizer, ids)
    if not written:
        return None
    lattice = _lattice(tokenizer, written)
    random = Random(seed)
    text = tokenizer.decode([ids])[0]
    for count in sorted(range(1, len(written) + 1), key=lambda n: (abs(n - pieces), n)):
        if abs(count - pieces) > _FARTHEST:
            break
        other = _draw(lattice, len(written), count, random, avoid=tuple(ids))
        if other and tokenizer.decode([other]) == [text]:
            return other
    return None


def count_cuts(tokenizer: Tokenizer, ids: Sequence[int], pieces: int) -> int:
    """How many cuts into so many pieces there are, the tokenizer's own among them."""
    written = _written(tokenizer, ids)
    return _ways(_lattice(tokenizer, written), len(written), pieces).get((0, pieces), 0)


def _written(tokenizer: Tokenizer, ids: Sequence[int]) -> str:
    """The characters of pieces as the vocabulary writes them; empty where one is unknown."""
    vocabulary = tokenizer.vocabulary
    if any(one in vocabulary.unknown or one in vocabulary.special for one in ids):
        return ""
    pieces = [vocabulary.pieces[one] for one in ids]
    if any(not piece.startswith(vocabulary.continuation) for piece in pieces[1:]):
        return ""  # several words
    return "".join(pieces[:1] + [piece[len(vocabulary.continuation) :] for piece in pieces[1:]])


def _lattice(tokenizer: Tokenizer, written: str) -> list[list[tuple[int, int]]]:
    """For each place: the id and the end of every piece that can begin there."""
    known = tokenizer.vocabulary.ids
    found: list[list[tuple[int, int]]] = []
    for start in range(len(written)):
        mark = tokenizer.vocabulary.continuation if start else ""
        pieces = ((mark + written[start:end], end) for end in range(start + 1, len(written) + 1))
        found.append([(known[piece], end) for piece, end in pieces if piece in known])
    return found


def _ways(
    lattice: list[list[tuple[int, int]]], length: int, pieces: int
) -> Mapping[tuple[int, int], int]:
    """How many ways lead from a place to the end in so many pieces."""
    ways = {(length, 0): 1}
    for left in range(1, pieces + 1):
        for start in range(length):
            count = sum(ways.get((end, left - 1), 0) for _, end in lattice[start])
            if count:
                ways[start, left] = count
    return ways


def _draw(
    lattice: list[list[tuple[int, int]]],
    length: int,
    pieces: int,
    random: Random,
    *,
    avoid: tuple[int, ...],
) -> tuple[int, ...] | None:
    """One of the cuts into so many pieces, all equally likely, but not the one to avoid."""
    ways = _ways(lattice, length, pieces)
    total = ways.get((0, pieces), 0)
    if total <= (len(avoid) == pieces):
        return None
    while True:
        place, found = 0, list[int]()
        for left in range(pieces, 0, -1):
            steps = [(one, end) for one, end in lattice[place] if (end, left - 1) in ways]
            weights = [ways[end, left - 1] for _, end in steps]
            one, place = random.choices(steps, weights)[0]
            found.append(one)
        if tuple(found) != avoid:
            return tuple(found)
