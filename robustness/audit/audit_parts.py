"""What an audit asks in addition to its pairs, part by part, and what each part adds to the results.

To add a part: write a class with `prompts` and `found`, draw it in `draw_parts`, and give its key a place
in `robustness.results.schema` and a section in the report. This module asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from robustness.attribution.experiment import Control, attribute, draw_control, no_attribution
from robustness.audit.further_cases import Extras, draw_extras, extra_results
from robustness.models import capabilities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from robustness.audit.plan import Plan
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions.pair import Pair
    from robustness.results.outcome import Outcome
    from robustness.tokenizers import Tokenizer


class Part(Protocol):
    """Further prompts of an audit, and what their answers show."""

    @property
    def prompts(self) -> list[Prompt]:
        """What to ask."""

    def found(
        self, answers: Mapping[Prompt, Answer], outcomes: Sequence[Outcome]
    ) -> dict[str, Any]:
        """Keys of ``audit.json``.

        Args:
            answers: Answers by prompt, those to the correct names among them; a prompt that the model
                failed on is missing.
            outcomes: The audit's pairs.
        """


def draw_parts(
    plan: Plan, model: QAModel, tokenizer: Tokenizer | None, *, extras: bool
) -> tuple[Part, ...]:
    """The parts of a plan; its pairs, drugs and seed decide.

    Args:
        plan: Its pairs are those that are judged.
        model: Who is asked.
        tokenizer: The model's, where it has one.
        extras: Whether look-alikes and invented names are asked about.
    """
    control = None
    if tokenizer is not None and capabilities(model).honours_cut:
        control = draw_control(plan.pairs, tokenizer, seed=plan.seed)
    segmentation = _Segmentation(control, model, plan.seed)
    return (segmentation, _FurtherCases(draw_extras(plan), model)) if extras else (segmentation,)


@dataclass(frozen=True, slots=True)
class _Segmentation:
    """The tokenizer's part in the failures."""

    control: Control | None
    """The arms to ask; None for a model that cannot be fed another segmentation."""
    model: QAModel
    seed: int

    @property
    def prompts(self) -> list[Prompt]:
        return self.control.prompts if self.control else []

    def found(
        self, answers: Mapping[Prompt, Answer], outcomes: Sequence[Outcome]
    ) -> dict[str, Any]:
        if self.control is None:
            return {"attribution": no_attribution(self.model)}
        every = {**answers, **_misspelled(self.control, outcomes)}
        return {"attribution": attribute(self.control, every, seed=self.seed)}


@dataclass(frozen=True, slots=True)
class _FurtherCases:
    """Look-alikes that must be told apart, and drugs that do not exist."""

    extras: Extras
    model: QAModel

    @property
    def prompts(self) -> list[Prompt]:
        return self.extras.prompts

    def found(
        self, answers: Mapping[Prompt, Answer], outcomes: Sequence[Outcome]
    ) -> dict[str, Any]:
        return extra_results(self.extras, answers, outcomes, self.model)


def _misspelled(control: Control, outcomes: Iterable[Outcome]) -> dict[Prompt, Answer]:
    """The answers to the misspelled names of the control's pairs."""
    drawn_pairs = {_name_of(arms.pair) for arms in control.arms}
    found = (outcome for outcome in outcomes if _name_of(outcome.pair) in drawn_pairs)
    return {o.pair.case.prompt: o.answer for o in found if o.answer is not None}


def _name_of(pair: Pair) -> tuple[str, str]:
    """Which of a plan's pairs it is, without writing its case."""
    return pair.baseline.id, pair.misspelling.text
