"""Find one pair of a finished audit again and ask it once more.

The pair is planned again from the seed and the drugs of the audit, so it can be any of its pairs and not
only a failing one; that needs the tables that the audit was made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.audit.explanation import explain_answer, explain_misspelling, explain_tokens
from robustness.audit.plan import make_plan
from robustness.audit.sources import recorded_source
from robustness.drugs import table_versions
from robustness.errors import InputError, nearest
from robustness.questions.user_data import drug_named
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import judge

if TYPE_CHECKING:
    from robustness.audit.plan import Pair, Plan
    from robustness.models import Answer, QAModel


def plan_again(results: dict[str, Any]) -> Plan:
    """The plan that an audit was made from.

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
    return make_plan(
        drugs,
        seed=run["seed"],
        budget=run["budget"],
        channels=tuple(run["channels"]),
        source=recorded_source(results["data"].get("source", {}), run["seed"]),
    )


def find_pair(results: dict[str, Any], case_id: str) -> Pair:
    """The pair of a case, by the id of its misspelled case.

    Args:
        results: What ``audit.json`` holds.
        case_id: 12 hex digits.

    Raises:
        InputError: The audit has no such case, or was made with other tables.
    """
    plan = plan_again(results)
    pairs = {pair.case.id: pair for pair in plan.pairs}
    if case_id not in pairs:
        raise InputError("No such case in this audit", value=case_id, hint=nearest(case_id, pairs))
    return pairs[case_id]


def replay_pair(pair: Pair, model: QAModel) -> dict[str, str]:
    """Ask a pair and describe it, title by title."""
    prompts = [case.prompt for case in (pair.baseline, pair.case)]
    before, after = model.answer(prompts)
    judgement = judge(pair.case, before.text, after.text)
    shown = {
        "drug": pair.drug.name,
        "written": f"{pair.case.name} ({pair.misspelling.operator})",
        "question": pair.case.question,
        "leaflet": pair.case.leaflet.text,
        **({"options": " | ".join(pair.case.options)} if pair.case.options else {}),
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


def _shown(answer: Answer) -> str:
    return answer.text if answer.score is None else f"{answer.text} ({answer.score:.3f})"
