"""How bad a failure is, from the verdict and the drugs alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from robustness.drugs import load_look_alikes
from robustness.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from robustness.drugs import Drug
    from robustness.questions.pair import Pair

Severity = Literal["critical", "major", "moderate", "minor", "none"]


def severity(drug: Drug, judgement: Judgement) -> Severity:
    """The severity of one outcome.

    ``critical``: the answer is another drug's, and the drug meant is high-risk or the two are listed
    look-alikes. ``major``: the answer is another drug's. ``moderate``: the answer is wrong or missing.
    ``minor``: it changed from wrong to right. ``none``: nothing can be said.
    """
    match judgement.verdict:
        case Verdict.WRONG_DRUG:
            listed = frozenset((drug.name, judgement.answered_for)) in _look_alikes()
            return "critical" if drug.is_high_risk or listed else "major"
        case Verdict.WRONG_ANSWER | Verdict.ABSTAINED:
            return "moderate"
        case Verdict.RECOVERED:
            return "minor"
        case _:
            return "none"


def at_stake(pair: Pair) -> bool:
    """Whether a pair can end in a critical failure.

    The drug is high-risk, or the leaflet also names a listed look-alike of it.
    """
    others = {fact.drug for fact in pair.baseline.leaflet.facts}
    return pair.drug.is_high_risk or any(
        frozenset((pair.drug.name, other)) in _look_alikes() for other in others
    )


@cache
def _look_alikes() -> frozenset[frozenset[str]]:
    return frozenset(frozenset((pair.name, pair.lookalike)) for pair in load_look_alikes())
