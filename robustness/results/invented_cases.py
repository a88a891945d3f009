"""Does the model admit that it does not know a drug? Questions about names that no drug has.

Whoever answers invents: the leaflet does not hold the name, and in a closed book nobody can know it. An
extractive reader that was not trained to give no answer, and a model that chooses among options, have no
way to abstain; they are measured all the same, because a user meets the same answer, and the words say so.
Where the model gives scores, those of answers about invented and about real names are compared: if they
differ, a threshold on the score can do what the model does not.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.statistics import clustered_rate
from robustness.statistics.rates import METHOD as RATE_METHOD
from robustness.verdicts import drug_of, gives_none

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.models import Answer, Prompt
    from robustness.questions import Case
    from robustness.results.outcome import Outcome

METHOD = RATE_METHOD.replace("by drug", "by name")


def inventing(
    cases: Sequence[Case],
    answers: Mapping[Prompt, Answer],
    outcomes: Sequence[Outcome],
    *,
    able_to_abstain: bool,
) -> dict[str, Any]:
    """The ``invented`` of ``audit.json``.

    Args:
        cases: Questions about invented names.
        answers: Answers by prompt; cases that lack one are errors.
        outcomes: The audit's pairs: their answers to correct names give the scores to compare with.
        able_to_abstain: Whether the model has a way to give no answer.
    """
    given = [(case, answers[case.prompt]) for case in cases if case.prompt in answers]
    invents = [not gives_none(case, answer.text) for case, answer in given]
    rate = clustered_rate(invents, [case.drug for case, _ in given])
    failures = [
        _failure(case, answer)
        for (case, answer), is_bad in zip(given, invents, strict=True)
        if is_bad
    ]
    scores = compare_scores([answer for _, answer in given], _about_real_names(outcomes))
    return {
        "n": len(given),
        "errors": len(cases) - len(given),
        "able_to_abstain": able_to_abstain,
        "rate": asdict(replace(rate, method=METHOD)) if rate else None,
        "scores": scores,
        "failures": failures,
        "words": words(len(failures), len(given), scores, able_to_abstain=able_to_abstain),
    }


def compare_scores(invented: Sequence[Answer], real: Sequence[Answer]) -> dict[str, float] | None:
    """Mean scores, and how often a real name's score is above an invented one's; None without scores.

    The last is the area under the ROC curve: 1 means that some threshold separates them, 0.5 that none
    helps. Answers without a score are left out.
    """
    lower, upper = ([a.score for a in given if a.score is not None] for given in (invented, real))
    if not lower or not upper:
        return None
    difference = np.subtract.outer(upper, lower)
    above = np.mean(difference > 0) + np.mean(difference == 0) / 2
    return {
        "mean_invented": fmean(lower),
        "mean_real": fmean(upper),
        "real_above_invented": float(above),
    }


def words(
    answered: int, n: int, scores: Mapping[str, float] | None, *, able_to_abstain: bool
) -> str:
    """What was found, in plain words."""
    if not n:
        return "No question about an invented name was answered or declined: all ended in an error."
    said = (
        f"{answered:,} of {n:,} questions about drugs that do not exist were answered all the same."
    )
    if not able_to_abstain:
        said += " This kind of model has no way to give no answer, so whoever uses it must check the name."
    if scores:
        said += (
            f" The mean score of an answer is {scores['mean_invented']:.2f} for an invented and "
            f"{scores['mean_real']:.2f} for a real name; a real name's is the higher one in "
            f"{scores['real_above_invented']:.0%} of comparisons."
        )
    return said


def _about_real_names(outcomes: Sequence[Outcome]) -> list[Answer]:
    """One answer a question with the correct name."""
    found = {o.pair.baseline.id: o.baseline_answer for o in outcomes}
    return [answer for answer in found.values() if answer is not None]


def _failure(case: Case, answer: Answer) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "name": case.name,
        "relation": case.relation,
        "question": case.question,
        "leaflet": case.leaflet.text,
        "options": list(case.options),
        "answer": asdict(answer),
        "answered_for": drug_of(case, answer.text) or None,
        "replay": f"robustness replay {case.id} --audit .",
    }
