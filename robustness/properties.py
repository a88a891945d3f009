"""Properties of a model's answers, as checks that raise a `PropertyViolation` with data.

So far one: a misspelled drug name must not change the answer. A check asks the model; wrap it in
`Remembering` when the same prompts come again and again, as they do while Hypothesis shrinks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.errors import MisspellingInvarianceViolation
from robustness.verdicts import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit import Pair
    from robustness.models import Answer, Prompt, QAModel

PROPERTIES = {
    "misspelling-invariance": "a misspelled drug name that is no other drug's must not change the answer",
}
"""Every property with what it says."""

_HOLDS = (Verdict.CONSISTENT, Verdict.RECOVERED)


def check_misspelling_invariance(model: QAModel, pair: Pair) -> None:
    """Ask a pair and complain when the misspelling made the answer worse.

    An answer that was wrong and became right is no violation.

    Raises:
        MisspellingInvarianceViolation: The answer changed.
    """
    before, after = model.answer([pair.baseline.prompt, pair.case.prompt])
    verdict = judge(pair.case, before.text, after.text).verdict
    if verdict not in _HOLDS:
        raise MisspellingInvarianceViolation(
            case_id=pair.case.id,
            intended=pair.misspelling.intended,
            written=pair.misspelling.text,
            distance=pair.misspelling.distance,
            question=pair.baseline.question,
            expected=before.text,
            answered=after.text,
            gold=pair.case.gold,
            verdict=verdict.value,
        )


class Remembering:
    """A model that asks another one only what it was not asked before.

    Args:
        model: Whom to ask.
    """

    def __init__(self, model: QAModel) -> None:
        self._model = model
        self._answers: dict[Prompt, Answer] = {}
        self.spec = model.spec
        self.kind = model.kind
        self.fingerprint = model.fingerprint
        self.tokenizer_path = model.tokenizer_path
        self.held_out_drugs = model.held_out_drugs

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The answers, each asked for once in the life of this object."""
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._answers]
        if new:
            self._answers |= zip(new, self._model.answer(new), strict=True)
        return [self._answers[prompt] for prompt in prompts]
