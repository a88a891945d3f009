"""Are look-alikes told apart? Two real drugs, both names correct, the same question, different answers.

A case is confused when the answer about one drug is right about the other one and not about the one that
was asked about; either direction will do. Cases about the same two drugs resemble each other, so the interval
is clustered by the pair of names. An answer that is merely wrong confuses nothing and is not counted here.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from robustness.statistics import clustered_rate
from robustness.statistics.rates import METHOD as RATE_METHOD
from robustness.verdicts import drug_of, is_right

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.models import Answer, Prompt
    from robustness.questions import Case, Differing

METHOD = RATE_METHOD.replace("by drug", "by pair of names")


def must_differ(cases: Sequence[Differing], answers: Mapping[Prompt, Answer]) -> dict[str, Any]:
    """The ``must_differ`` of ``audit.json``.

    Args:
        cases: What was asked.
        answers: Answers by prompt; cases that lack one are errors, neither confused nor told apart.
    """
    given = [(one, [answers.get(case.prompt) for case in one.cases]) for one in cases]
    complete = [
        (one, [a for a in both if a is not None]) for one, both in given if None not in both
    ]
    found = [(one, both, confusions(one, [a.text for a in both])) for one, both in complete]
    rate = clustered_rate([any(c) for _, _, c in found], [_cluster(one) for one, _, _ in found])
    failures = [_failure(one, both, confused) for one, both, confused in found if any(confused)]
    origins = [one.names.origin for one, _, _ in found]
    return {
        "n": len(found),
        "name_pairs": len({_cluster(one) for one, _, _ in found}),
        "look_alikes": origins.count("look-alike"),
        "collisions": origins.count("collision"),
        "errors": len(cases) - len(found),
        "rate": asdict(replace(rate, method=METHOD)) if rate else None,
        "failures": failures,
        "words": words(len(failures), len(found)),
    }


def confusions(cases: Differing, answers: Sequence[str]) -> list[bool]:
    """Whether the answer about the first and about the second drug is right about the other one.

    Args:
        cases: What was asked.
        answers: What was said about the first and about the second drug.
    """
    first, second = cases.cases
    return [_given(second, first, answers[0]), _given(first, second, answers[1])]


def words(confused: int, n: int) -> str:
    """What was found, in plain words."""
    if not n:
        return "No question about two look-alikes was answered."
    if not confused:
        return f"In none of {n:,} questions did one drug get the other one's answer."
    return f"In {confused:,} of {n:,} questions one drug got the other one's answer."


def _given(other: Case, asked: Case, answer: str) -> bool:
    """Whether an answer to `asked` is the one to `other`."""
    return not is_right(asked, answer) and drug_of(asked, answer) == other.drug


def _cluster(cases: Differing) -> str:
    return " / ".join(sorted(case.drug for case in cases.cases))


def _failure(
    cases: Differing, answers: Sequence[Answer], confused: Sequence[bool]
) -> dict[str, Any]:
    both = cases.cases
    return {
        "origin": cases.names.origin,
        "written": cases.names.written,
        "relation": both[0].relation,
        "drugs": [case.drug for case in both],
        "case_ids": [case.id for case in both],
        "questions": [case.question for case in both],
        "leaflet": both[0].leaflet.text,
        "options": list(both[0].options),
        "golds": [case.gold for case in both],
        "answers": [asdict(answer) for answer in answers],
        "confused": list(confused),
        "replay": f"robustness replay {both[confused.index(True)].id} --audit .",
    }
