"""Find one case of a finished audit again and ask it once more.

It is planned again from the seed and the drugs of the audit, so it can be any of its pairs, must-differ and
abstain cases, and not only a failing one; that needs the tables that the audit was made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.attribution.explanation import explain_answer, explain_misspelling, explain_tokens
from robustness.audit.further_cases import draw_extras
from robustness.audit.plan import make_plan
from robustness.drugs import table_versions
from robustness.errors import InputError, nearest
from robustness.questions import Case, Differing
from robustness.questions.loading import recorded_source
from robustness.questions.pair import Pair
from robustness.questions.user_data import drug_named
from robustness.results.must_differ import confusions
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import drug_of, gives_none, judge

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.audit.plan import Plan
    from robustness.models import Answer, QAModel


def plan_again(results: dict[str, Any], *, data: Path | None = None) -> Plan:
    """The plan that an audit was made from.

    Args:
        results: What ``audit.json`` holds.
        data: The file of the user's own questions, where there is one.

    Raises:
        InputError: The audit was made with other tables.
    """
    tables = table_versions()
    changed = sorted(t for t, v in results["data"]["tables"].items() if tables.get(t) != v)
    if changed:
        raise InputError(
            f"The audit was made with other tables ({', '.join(changed)})",
            hint="Run the audit again with this version.",
        )
    drugs = [drug_named(name) for name in results["data"]["requested_drugs"]]
    run = results["run"]
    if not isinstance(run["budget"], int):
        raise InputError("The audit does not say how many pairs were planned", value=run["budget"])
    return make_plan(
        drugs,
        seed=run["seed"],
        budget=run["budget"],
        channels=tuple(run["channels"]),
        source=recorded_source(results["data"].get("source", {}), run["seed"], data=data),
    )


def find_case(
    results: dict[str, Any], case_id: str, *, data: Path | None = None
) -> Pair | Differing | Case:
    """What a case of an audit belongs to.

    Args:
        results: What ``audit.json`` holds.
        case_id: 12 hex digits.
        data: The file of the user's own questions, where there is one.

    Returns:
        The pair of a misspelled case, both cases of a must-differ question, or a case about an invented name.

    Raises:
        InputError: The audit has no such case, or was made with other tables.
    """
    plan = plan_again(results, data=data)
    found: dict[str, Pair | Differing | Case] = {pair.case.id: pair for pair in plan.pairs}
    if case_id not in found:
        extras = draw_extras(plan)
        found |= {case.id: one for one in extras.differing for case in one.cases}
        found |= {case.id: case for case in extras.invented}
    if case_id not in found:
        raise InputError("No such case in this audit", value=case_id, hint=nearest(case_id, found))
    return found[case_id]


def replay(found: Pair | Differing | Case, model: QAModel) -> dict[str, str]:
    """Ask what `find_case` found, and describe it, title by title."""
    if isinstance(found, Pair):
        return replay_pair(found, model)
    return _replay_both(found, model) if isinstance(found, Differing) else _replay_one(found, model)


def replay_pair(pair: Pair, model: QAModel) -> dict[str, str]:
    """Ask a pair and describe it, title by title."""
    prompts = [case.prompt for case in (pair.baseline, pair.case)]
    before, after = model.answer(prompts)
    judgement = judge(pair.case, before.text, after.text)
    shown = {
        "drug": pair.drug.name,
        "written": f"{pair.case.name} ({pair.misspelling.operator})",
        "question": pair.case.question,
        **_read(pair.case),
        "gold": pair.case.gold,
        "answer to the correct name": _shown(before),
        "answer to the misspelling": _shown(after),
        "verdict": judgement.verdict.value
        + (f" ({judgement.answered_for})" if judgement.answered_for else ""),
    }
    tokenizer = load_tokenizer(model.tokenizer_path) if model.tokenizer_path else None
    if tokenizer is not None:
        cut = tokenizer.pieces([pair.baseline.name, pair.case.name])
        shown["tokens of the correct name"] = " ".join(cut[0])
        shown["tokens of the misspelling"] = " ".join(cut[1])
    shown["what became of the answer"] = explain_answer(judgement)
    shown["what was done to the name"] = explain_misspelling(pair.misspelling)
    if tokenizer is not None:
        shown["what the tokenizer made of it"] = explain_tokens(
            tokenizer, pair.baseline.name, pair.case.name
        )
    return shown


def _replay_both(differing: Differing, model: QAModel) -> dict[str, str]:
    """A must-differ question about both drugs."""
    answers = model.answer([case.prompt for case in differing.cases])
    confused = confusions(differing, [answer.text for answer in answers])
    shown = {"drugs": " | ".join(case.drug for case in differing.cases)}
    for case, answer in zip(differing.cases, answers, strict=True):
        shown |= {
            f"question about {case.drug}": case.question,
            f"gold of {case.drug}": case.gold,
            f"answer about {case.drug}": _shown(answer),
        }
    wrong = [case.drug for case, bad in zip(differing.cases, confused, strict=True) if bad]
    verdict = f"confused (about {' and '.join(wrong)})" if wrong else "told apart"
    return shown | _read(differing.cases[0]) | {"verdict": verdict}


def _replay_one(case: Case, model: QAModel) -> dict[str, str]:
    """A question about an invented name."""
    (answer,) = model.answer([case.prompt])
    about = drug_of(case, answer.text)
    invents = f"inventing ({about})" if about else "inventing"
    return {
        "invented name": case.name,
        "question": case.question,
        **_read(case),
        "answer": _shown(answer),
        "verdict": "abstained" if gives_none(case, answer.text) else invents,
    }


def _read(case: Case) -> dict[str, str]:
    """What is read in addition to the question."""
    options = {"options": " | ".join(case.options)} if case.options else {}
    return {"leaflet": case.leaflet.text} | options


def _shown(answer: Answer) -> str:
    return answer.text if answer.score is None else f"{answer.text} ({answer.score:.3f})"
