"""The order of this tool: what is most likely to break next, by a score that is learned on the way.

A logistic regression over the features of `features` and `echo` says how likely each misspelling is to break
each question's answer. It begins with a prior that says two things, that breaks are rare and rarer
still where the first piece is kept, and is corrected by every answer, so a model that fails for other reasons
is followed within a few rounds. What is not known yet is tried early (upper confidence bound, Auer 2002).
Nothing is drawn: equal answers give equal searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robustness.search.bayesian_logistic import Belief, probability
from robustness.search.kernel import ECHOES, Echo, Resemblance, echoes
from robustness.search.runner import MOST_AT_ONCE, Pick
from robustness.search.search_features import RIVALS, SPELLING, TOKENS, Describer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from robustness.search.question import Question
    from robustness.tokenizers import Tokenizer

    Array = NDArray[np.float64]

FEATURES = (*SPELLING, *TOKENS, *RIVALS, *ECHOES)
PRIOR: dict[str, float] = {"bias": -3.0, "first_piece_kept": -1.0}
"""Prior means; 0 for what is not listed."""
DEVIATION = 1.0
"""Prior standard deviation of every weight."""
OPTIMISM = 1.0
"""By how many standard deviations of what is believed a misspelling is lifted, so that the unknown is tried."""


class LearnedOrder:
    """Asks first what the belief holds most likely to break.

    Args:
        tokenizer: The model's; None where it shows none.
        prior: Prior means of the weights by feature. Default: `PRIOR`.
    """

    def __init__(
        self, tokenizer: Tokenizer | None, *, prior: dict[str, float] | None = None
    ) -> None:
        means = PRIOR if prior is None else prior
        self.belief = Belief(
            np.array([means.get(name, 0.0) for name in FEATURES]),
            np.full(len(FEATURES), DEVIATION),
        )
        self._describer = Describer(tokenizer)
        self._fixed: dict[int, Array] = {}
        self._own: dict[int, Echo] = {}
        self._names: dict[str, Echo] = {}
        self._alike: dict[str, Resemblance] = {}

    def pick(self, questions: Sequence[Question], width: int) -> list[Pick]:
        """The next misspellings to ask: the best of every question, then the best of these."""
        each = min(MOST_AT_ONCE, -(-width // len(questions)))
        found = []
        for question in questions:
            eligible = question.eligible
            seen = self.features(question)[eligible]
            chance = probability(self.belief.scores(seen, optimism=OPTIMISM))
            best = np.argsort(-_worth(question, eligible, chance), kind="stable")
            for place in best[: question.room(each)].tolist():
                index = int(eligible[place])
                found.append((-chance[place], question.number, index, question))
        found.sort(key=lambda one: one[:3])
        return [Pick(question, index) for _, _, index, question in found[:width]]

    def learn(self, heard: Sequence[tuple[Pick, float]]) -> None:
        """Take in how much each pick disturbed the model, 1 for a break."""
        rows = [self.features(pick.question)[pick.index] for pick, _ in heard]
        broke = np.array([float(disturbance >= 1) for _, disturbance in heard])
        if rows:
            self.belief.learn(np.array(rows), broke)
        for pick, disturbance in heard:
            self._listen(pick, disturbance)

    def features(self, question: Question) -> Array:
        """The features of every misspelling of a question, shape (misspellings, features)."""
        number, near = question.number, question.near
        if number not in self._fixed:
            rivals = self._describer.rivals(near, question.base_case)
            self._fixed[number] = np.hstack([self._describer.of_name(near), rivals])
            self._own[number] = Echo(len(near))
        if near.name not in self._names:
            self._names[near.name] = Echo(len(near))
            self._alike[near.name] = Resemblance(near, self._describer.first_pieces(near))
        said = echoes(self._own[number], self._names[near.name])
        return np.hstack([self._fixed[number], said])

    def _listen(self, pick: Pick, disturbance: float) -> None:
        name = pick.question.near.name
        alike = self._alike[name].to(pick.index)
        for echo in (self._own[pick.question.number], self._names[name]):
            echo.hear(alike, pick.index, disturbance)


def _worth(question: Question, eligible: NDArray[np.int64], chance: Array) -> Array:
    """What each misspelling is worth asking: its chance to break, and how probable it is once one did."""
    if question.found is None:
        return chance
    likely = [question.near.misspellings[index].probability or 0.0 for index in eligible.tolist()]
    return np.asarray(chance * np.array(likely))
