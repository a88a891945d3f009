"""What a search found, as ``search.json`` holds it, and the way from a case in it back to its pair.

The file holds one record a question; nothing in it depends on where it is written or how long it took.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from robustness.drugs import table_versions
from robustness.errors import InputError, nearest
from robustness.files import is_file, write_text
from robustness.questions.loading import recorded_source
from robustness.questions.pair import slot_pair
from robustness.questions.user_data import drug_named
from robustness.results.audit_json import model_record
from robustness.results.saved_json import read_saved
from robustness.results.severity import severity
from robustness.search.neighbourhood import neighbourhood
from robustness.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.models import QAModel
    from robustness.questions import Slot, Source
    from robustness.questions.pair import Pair
    from robustness.search.question import Break, Question
    from robustness.search.runner import Search

SCHEMA_VERSION = 1
# 1: first version.
FILE_NAME = "search.json"


def assemble(
    done: Search,
    model: QAModel,
    *,
    source: Source,
    seed: int,
    task: str | None = None,
    adapter: Path | None = None,
) -> dict[str, Any]:
    """What ``search.json`` holds.

    Args:
        done: The search.
        model: Who was asked.
        source: Where the questions came from.
        seed: What they were written from.
        task: The task that the model was loaded for; None for its own.
        adapter: The adapter that it was loaded with.
    """
    questions = [_record(question) for question in done.questions]
    return {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "model": model_record(model, task, adapter),
        "data": {"tables": table_versions(), "source": source.record, "seed": seed},
        "counts": {
            "questions": len(questions),
            "broken": sum(one["status"] == "broken" for one in questions),
            "held": sum(one["status"] == "held" for one in questions),
            "open": sum(one["status"] == "open" for one in questions),
            "errors": sum(one["status"] == "error" for one in questions),
            "queries": done.queries,
            "budget": done.budget,
        },
        "questions": questions,
    }


def save_search(results: dict[str, Any], folder: Path) -> Path:
    """Write ``search.json`` into a folder, whole or not at all.

    Raises:
        OutputError: It cannot be written.
    """
    text = json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False)
    write_text(folder / FILE_NAME, text + "\n")
    return folder / FILE_NAME


def has_search(folder: Path) -> bool:
    """Whether a folder holds a search."""
    return is_file(folder / FILE_NAME)


def load_search(folder: Path) -> dict[str, Any]:
    """Read ``search.json``.

    Raises:
        InputError: The folder has none, it is damaged, or it is of a later version.
    """
    from robustness.search.search_schema import SavedSearch

    hint = "Run: robustness search --out FOLDER."
    return read_saved(folder / FILE_NAME, SavedSearch, what="search", hint=hint)


def find_found(results: dict[str, Any], case_id: str, *, data: Path | None = None) -> Pair:
    """The pair of a case that a search found.

    Args:
        results: What ``search.json`` holds.
        case_id: 12 hex digits.
        data: The file of the user's own questions, where there is one.

    Raises:
        InputError: The search found no such case, or was made with other tables.
    """
    found = {one["case_id"]: one for one in results["questions"] if one["status"] == "broken"}
    if case_id not in found:
        raise InputError("No such case in this search", value=case_id, hint=nearest(case_id, found))
    asked = results["data"]
    if asked["tables"] != table_versions():
        raise InputError("The search was made with other tables", hint="Search again.")
    source, record = recorded_source(asked["source"], asked["seed"], data=data), found[case_id]
    slot = _slot(source, record)
    near = neighbourhood(slot.name).misspellings if slot else ()
    same = [one for one in near if one.text == record["misspelling"]]
    if slot is None or not same:
        raise InputError("The search names a case that cannot be made again", value=case_id)
    return slot_pair(source, slot, same[0])


def _slot(source: Source, record: dict[str, Any]) -> Slot | None:
    wanted = (record["question"], record["name"], record["row"])
    slots = source.slots([drug_named(record["drug"])])
    return next((one for one in slots if (one.relation, one.name, one.row) == wanted), None)


def _record(question: Question) -> dict[str, Any]:
    slot = question.slot
    return {
        "drug": slot.drug.name,
        "question": slot.relation,
        "name": slot.name,
        "row": slot.row,
        "status": _status(question),
        "queries": question.queries,
        "one_edit_misspellings": question.near.ones,
        **(_found(question, question.found) if question.found else {}),
    }


def _status(question: Question) -> str:
    """``broken``, ``held`` under every single edit, ``open`` when the budget ended before that, or ``error``."""
    if question.found:
        return "broken"
    if question.baseline is None or question.all_failed:
        return "error"
    return "held" if question.proven_to_hold else "open"


def _found(question: Question, found: Break) -> dict[str, Any]:
    assert question.baseline is not None, "nothing is found before the baseline is known"
    one, probability = found.misspelling, found.misspelling.probability
    return {
        "misspelling": one.text,
        "operator": one.operator,
        "distance": one.distance,
        "probability": None if probability is None else float(f"{probability:.4g}"),
        "queries_to_break": question.queries_to_break,
        "minimal": _proven(proven=question.minimal),
        "most_probable": _proven(proven=question.most_probable),
        "case_id": found.case.id,
        "verdict": found.judgement.verdict.value,
        "severity": severity(question.slot.drug, found.judgement),
        "answered_for": found.judgement.answered_for,
        "asked": found.case.question,
        "gold": found.case.gold,
        "baseline_answer": question.baseline.text,
        "answer": found.answer.text,
        "replay": f"robustness replay {found.case.id} --audit .",
    }


def _proven(*, proven: bool) -> str:
    return "proven" if proven else "not proven"
