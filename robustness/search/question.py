"""One question about one drug, while its smallest breaking misspelling is looked for.

Keeps what was asked and heard, and says which misspellings may still be asked: first those of one edit, all
of them before any of two; once one broke the answer, more probable ones of the same distance. It does not
choose among them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from robustness.search.neighbourhood import neighbourhood
from robustness.verdicts import Judgement, Verdict, judge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robustness.misspellings import Misspelling
    from robustness.models import Answer
    from robustness.questions import Case, Slot, Source

_HELD = (Verdict.CONSISTENT, Verdict.RECOVERED)
_LARGEST_DROP = 10.0
_REWORDED = 0.5


@dataclass(frozen=True, slots=True)
class Break:
    """A misspelling that changed the answer."""

    index: int
    """Its place in the neighbourhood."""
    misspelling: Misspelling
    case: Case
    answer: Answer
    judgement: Judgement


class Question:
    """The search for one slot.

    Args:
        source: Writes the cases.
        slot: What is asked about which drug.
        number: Its place among the questions of a search.
        refine: How many more probable misspellings to try after one broke the answer.
        max_edits: 1, or 2 to go on with two edits when no single one breaks the answer.

    Attributes:
        number: Its place among the questions of a search.
        baseline: The answer to the correct name; None until it was given.
        found: The misspelling that broke the answer; the smallest and then most probable one so far.
        queries: How often the model was asked, the baseline included.
        queries_to_break: The same at the first break; 0 before that.
        asked: Which misspellings the model was asked, shape (misspellings,).
        failed: On which of them the model failed, same shape.
    """

    def __init__(
        self, source: Source, slot: Slot, *, number: int = 0, refine: int = 0, max_edits: int = 2
    ) -> None:
        self.source, self.slot, self.number = source, slot, number
        self.near = neighbourhood(slot.name)
        self.base_case = source.case(slot, None)
        self.baseline: Answer | None = None
        self.found: Break | None = None
        self.queries = self.queries_to_break = 0
        self.asked = np.zeros(len(self.near), dtype=bool)
        self.failed = np.zeros(len(self.near), dtype=bool)
        self._broke = np.zeros(len(self.near), dtype=bool)
        self._refine, self._max_edits = refine, max_edits
        self._same = self._unchanged_texts()

    def case(self, index: int) -> Case:
        """The case with a misspelling of the neighbourhood."""
        return self.source.case(self.slot, self.near.misspellings[index])

    @property
    def eligible(self) -> NDArray[np.int64]:
        """Which misspellings are worth asking next; empty when the question is settled."""
        if self.baseline is None:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self._wanted() & ~self.asked & ~self._same)

    def room(self, most: int) -> int:
        """How many misspellings of this question one round may ask, at most `most`."""
        return most if self.found is None else min(most, self._refine)

    @property
    def minimal(self) -> bool:
        """Whether it is proven that no misspelling of fewer edits breaks the answer."""
        if self.found is None:
            return False
        return self.found.misspelling.distance == 1 or bool(self._ones(self._held()).all())

    @property
    def most_probable(self) -> bool:
        """Whether it is proven that no more probable misspelling of the same distance breaks the answer."""
        if self.found is None:
            return False
        return not (self._more_probable(self.found) & ~self._held()).any()

    @property
    def proven_to_hold(self) -> bool:
        """Whether the answer held under every misspelling of one edit."""
        return self.found is None and bool(self._ones(self._held()).all())

    @property
    def all_failed(self) -> bool:
        """Whether the model failed on every misspelling that it was asked."""
        return bool(self.asked.any() and (self.failed == self.asked).all())

    def _held(self) -> NDArray[np.bool_]:
        """The misspellings that are known to leave the answer alone."""
        return self._same | (self.asked & ~self.failed & ~self._broke)

    def _ones(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return values[: self.near.ones]

    def hear_baseline(self, answer: Answer | None) -> None:
        """Take in the answer to the correct name; None when the model failed."""
        self.queries += 1
        self.baseline = answer

    def hear(self, index: int, answer: Answer | None) -> float | None:
        """Take in the answer to a misspelling.

        Returns:
            How much it disturbed the model, 0 to 1, and 1 for a break alone; None when the model failed.
        """
        assert self.baseline is not None, "the baseline is asked first"
        self.queries += 1
        self.asked[index] = True
        if answer is None:
            self.failed[index] = True
            return None
        case = self.case(index)
        judgement = judge(case, self.baseline.text, answer.text)
        self._count_refinement()
        if judgement.verdict in _HELD:
            return _disturbance(self.baseline, answer)
        self._broke[index] = True
        self._keep(Break(index, self.near.misspellings[index], case, answer, judgement))
        return 1.0

    def _keep(self, new: Break) -> None:
        if self.found is None:
            self.queries_to_break = self.queries
        if self.found is None or new.index < self.found.index:
            self.found = new

    def _count_refinement(self) -> None:
        if self.found is not None:
            self._refine -= 1

    def _wanted(self) -> NDArray[np.bool_]:
        if self.found is not None:
            return self._more_probable(self.found) & (self._refine > 0)
        wanted = np.ones(len(self.near), dtype=bool)
        if self._max_edits == 1 or not self._ones(self.asked | self._same).all():
            wanted[self.near.ones :] = False
        return wanted

    def _more_probable(self, found: Break) -> NDArray[np.bool_]:
        """The misspellings before the one found in the order of distance and probability, same distance."""
        wanted = np.zeros(len(self.near), dtype=bool)
        first = 0 if found.misspelling.distance == 1 else self.near.ones
        wanted[first : found.index] = True
        return wanted

    def _unchanged_texts(self) -> NDArray[np.bool_]:
        """Misspellings that leave the question as it is, for example where it is in capitals already."""
        own = self.base_case.id
        return np.array([self.case(i).id == own for i in range(len(self.near))], dtype=bool)


def _disturbance(baseline: Answer, answer: Answer) -> float:
    """How near an answer that held came to a break: by the drop of its score, in log-odds, and by its words."""
    reworded = _REWORDED if answer.text != baseline.text else 0.0
    if baseline.score is None or answer.score is None:
        return reworded
    drop = (_log_odds(baseline.score) - _log_odds(answer.score)) / _LARGEST_DROP
    return max(reworded, min(max(drop, 0.0), 0.9))


def _log_odds(share: float) -> float:
    inside = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))
