"""The noisy channel: how likely each way to misspell a name is, with one edit or two.

After Kernighan, Church and Gale (1990): a misspelling has one edit or, with a learned share, two; `scoring`
says how likely each edit is, `pairs` which go together. The support is everything that one edit makes of
the name, and those pairs of edits that `pairs.pair_up` proposes; on it the probabilities add up to one.
The weights come from `fitting`, by way of `parameters`. This module does not look for collisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from robustness.misspellings.factors import encode
from robustness.misspellings.pairs import pair_features, pair_up

if TYPE_CHECKING:
    from robustness.misspellings.factors import Codes
    from robustness.misspellings.scoring import EditGrid, EditScorer, Scores


@dataclass(frozen=True, slots=True)
class Pairs:
    """The two-edit misspellings of one name; several pairs may make the same text."""

    one: Codes
    """Index into the grid of the left edit of each pair."""
    other: Codes
    """Index of the right edit."""
    features: Scores
    """See `pairs.PAIR_FACTORS`; shape (pairs, factors)."""
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Distribution:
    """All misspellings that the channel can make of one name, most probable first.

    Row k is the result of edit ``one[k]`` of the grid, followed by ``other[k]`` where that is not -1.
    """

    name: str
    """The name in lower case."""
    grid: EditGrid
    one: Codes
    other: Codes
    probability: Scores
    pair_texts: list[str]
    """The texts of the rows with two edits, in order."""

    def __len__(self) -> int:
        return len(self.one)

    def texts(self, start: int, stop: int) -> list[str]:
        """The misspellings of some rows."""
        single = iter(self.grid.texts(self.name, self.one[start:stop][self.other[start:stop] < 0]))
        double = iter(self.pair_texts[int((self.other[:start] >= 0).sum()) :])
        return [next(single if other < 0 else double) for other in self.other[start:stop].tolist()]


@dataclass(frozen=True, slots=True)
class NoisyChannel:
    """The fitted model: how likely each misspelling of a name is."""

    scorer: EditScorer
    pair_weights: Scores
    """Weights of `pairs.PAIR_FACTORS`."""
    two_edit_share: float
    """Share of misspellings that are made by a pair of edits, of all that the channel can make."""

    def pairs(self, name: str, grid: EditGrid | None = None) -> Pairs:
        """The pairs of edits of a lower-case name whose result is two edits away from it."""
        grid = grid or self.scorer.grid(name)
        codes, log_p = encode(name), grid.log_probability
        one, other = pair_up(grid, codes, log_p)
        used, place = np.unique(np.concatenate([one, other]), return_inverse=True)
        heads, ends, tails = grid.pieces(name, used)
        starts = grid.position[used].tolist()
        texts = [
            heads[a] + name[ends[a] : starts[b]] + heads[b][starts[b] :] + tails[b]
            for a, b in zip(place[: len(one)].tolist(), place[len(one) :].tolist(), strict=True)
        ]
        if not texts:
            return Pairs(one, other, np.zeros((0, len(self.pair_weights))), texts)
        far = cdist([name], texts, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)[0] > 1
        one, other = one[far], other[far]
        kept = [text for text, is_far in zip(texts, far.tolist(), strict=True) if is_far]
        return Pairs(one, other, pair_features(grid, codes, log_p, one, other), kept)

    def distribution(self, name: str) -> Distribution:
        """Every misspelling of a lower-case name that the channel can make, with its probability.

        The probabilities add up to one over all distinct texts, those included that are the name of
        another drug.
        """
        grid = self.scorer.grid(name)
        pairs = self.pairs(name, grid)
        share = self.two_edit_share if pairs.texts else 0.0
        scores = pairs.features @ self.pair_weights
        weights = np.exp(scores - scores.max(initial=-np.inf))
        merged = _merge(pairs.texts, (share * weights / weights.sum()).tolist())
        rows = np.array([row for row, _ in merged.values()], dtype=np.int64)
        single = np.arange(len(grid.score))
        one = np.concatenate([single, pairs.one[rows]])
        other = np.concatenate([np.full(len(single), -1), pairs.other[rows]])
        probability = np.concatenate(
            [(1 - share) * np.exp(grid.log_probability), [p for _, p in merged.values()]]
        )
        order = np.argsort(-probability, kind="stable")
        texts = list(merged)
        double = order[order >= len(single)] - len(single)
        return Distribution(
            name,
            grid,
            one[order],
            other[order],
            probability[order],
            [texts[row] for row in double.tolist()],
        )


def _merge(texts: list[str], probabilities: list[float]) -> dict[str, tuple[int, float]]:
    """By distinct text: the row of its most probable pair, and the sum over its pairs."""
    merged: dict[str, tuple[int, float]] = {}
    best: dict[str, float] = {}
    for row, (text, probability) in enumerate(zip(texts, probabilities, strict=True)):
        if text not in merged:
            merged[text], best[text] = (row, probability), probability
            continue
        first, total = merged[text]
        if probability > best[text]:
            first, best[text] = row, probability
        merged[text] = first, total + probability
    return merged
