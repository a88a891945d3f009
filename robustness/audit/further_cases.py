"""The further cases of an audit: look-alikes that must be told apart, and drugs that do not exist.

They are asked in addition to the pairs and never mixed with them: no rate of pairs holds them. Their number
grows with the audit, so that a small audit stays small. This module draws them and asks nothing; for what the
answers show see `robustness.results.must_differ` and `robustness.results.invented_cases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs, load_look_alikes
from robustness.models import capabilities
from robustness.questions import (
    ClosedBookSource,
    LeafletSource,
    differing_cases,
    invented_cases,
    name_pairs,
)
from robustness.questions.loading import embedded_source
from robustness.results.invented_cases import inventing
from robustness.results.must_differ import must_differ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.audit.plan import Plan
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions import Case, Differing
    from robustness.results.outcome import Outcome

MOST_INVENTED = 60
"""Largest number of invented names, one question each."""
_SHARE = 8
"""One further prompt for so many pairs, at most."""
_INVENTED_SHARE = 3
"""One in so many further prompts is about an invented name."""


@dataclass(frozen=True, slots=True)
class Extras:
    """The further cases that an audit asks."""

    differing: tuple[Differing, ...]
    invented: tuple[Case, ...]

    @property
    def prompts(self) -> list[Prompt]:
        """What to ask in addition to the pairs' own prompts."""
        both = [case.prompt for one in self.differing for case in one.cases]
        return both + [case.prompt for case in self.invented]


def draw_extras(plan: Plan) -> Extras:
    """The further cases of a plan; its source, drugs, seed and size decide.

    Questions of the user's own are not written here, so a plan over a file has none. A plan of fewer pairs
    has the first cases of a larger one.
    """
    kinds = {LeafletSource.kind: "", ClosedBookSource.kind: "choice"}
    kind = kinds.get(plan.source["kind"])
    size = len(plan.pairs) // _SHARE
    if kind is None or not size:
        return Extras((), ())
    source = embedded_source(plan.seed, kind=kind)
    invented = min(MOST_INVENTED, size // _INVENTED_SHARE)
    names = name_pairs(load_drugs(), load_look_alikes(), plan.collisions, about=plan.drugs)
    limit = (size - invented) // 2
    return Extras(
        tuple(differing_cases(source, names, seed=plan.seed, limit=limit)),
        tuple(invented_cases(source, seed=plan.seed, count=invented)),
    )


def extra_results(
    extras: Extras,
    answers: Mapping[Prompt, Answer],
    outcomes: Sequence[Outcome],
    model: QAModel,
) -> dict[str, Any]:
    """The keys ``must_differ`` and ``invented`` of ``audit.json``; a key without cases is left out.

    Args:
        extras: The cases that were asked.
        answers: Answers by prompt; a prompt that the model failed on is missing.
        outcomes: The audit's pairs, for the scores of answers about real drugs.
        model: Who was asked.
    """
    found: dict[str, Any] = {}
    if extras.differing:
        found["must_differ"] = must_differ(extras.differing, answers)
    if extras.invented:
        found["invented"] = inventing(
            extras.invented, answers, outcomes, able_to_abstain=capabilities(model).can_abstain
        )
    return found
