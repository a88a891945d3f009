"""Orders to compare with: everything, a random order, and a greedy attack on the score.

`GreedyDrop` is in the manner of DeepWordBug (Gao, Lanchantin, Soffa and Qi 2018): it scores each position by
how far the model's score drops when the letter there is deleted, and then edits the positions with the
largest drops, one random edit each, round after round. It learns nothing from one question for another.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from robustness.search.runner import MOST_AT_ONCE, Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.search.question import Question


class Exhaustive:
    """Everything, the most probable first."""

    def pick(self, questions: Sequence[Question], width: int) -> list[Pick]:
        """The next of each question, those first that were asked least."""
        each = min(MOST_AT_ONCE, -(-width // len(questions)))
        turns = sorted(questions, key=lambda question: (question.queries, question.number))
        picks = [
            Pick(question, index)
            for question in turns[:width]
            for index in self._ordered(question)[: question.room(each)]
        ]
        return picks[:width]

    def learn(self, heard: Sequence[tuple[Pick, float]]) -> None:
        """It does not learn."""

    def _ordered(self, question: Question) -> list[int]:
        eligible: list[int] = question.eligible.tolist()
        return eligible


class RandomOrder(Exhaustive):
    """A random order.

    Args:
        seed: Decides it, together with the number of the question.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._keys: dict[int, list[float]] = {}

    def _ordered(self, question: Question) -> list[int]:
        return sorted(super()._ordered(question), key=self._key(question).__getitem__)

    def _key(self, question: Question) -> list[float]:
        number = question.number
        if number not in self._keys:
            random = Random(f"{self._seed}/search/{number}")
            self._keys[number] = [random.random() for _ in range(len(question.near))]
        return self._keys[number]


class GreedyDrop(RandomOrder):
    """First a deletion at each position, then edits where the deletions disturbed the model most."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self._drops: dict[int, dict[int, float]] = {}

    def learn(self, heard: Sequence[tuple[Pick, float]]) -> None:
        """Keep what each deletion did."""
        for pick, disturbance in heard:
            edit = pick.question.near.misspellings[pick.index].edits[0]
            if edit.operator == "deletion":
                drops = self._drops.setdefault(pick.question.number, {})
                drops[edit.position] = disturbance

    def _ordered(self, question: Question) -> list[int]:
        drops, chance = self._drops.get(question.number, {}), self._key(question)
        visits: Counter[int] = Counter()

        def urgency(index: int) -> tuple[float, ...]:
            edit = question.near.misspellings[index].edits[0]
            if edit.operator == "deletion" and index < question.near.ones:
                return (0.0, edit.position)
            visits[edit.position] += 1
            # An insertion stands before its letter; a letter with no deletion of its own (the second of
            # a double one) has the drop of the first.
            drop = drops.get(edit.position, drops.get(edit.position - 1, 0.0))
            return (1.0, visits[edit.position], -drop, edit.position)

        eligible = sorted(super()._ordered(question), key=chance.__getitem__)
        return sorted(eligible, key=urgency)
