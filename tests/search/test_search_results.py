from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from robustness.audit.replay import replay_pair
from robustness.errors import InputError
from robustness.models import load_model
from robustness.questions import UserDataSource
from robustness.reporting.search_report import search_lines
from robustness.search import LearnedOrder, assemble, find_found, load_search, save_search, search
from tests.search.planted import SOURCE, prepared

if TYPE_CHECKING:
    from pathlib import Path

MODEL = load_model("planted:fragile")
DONE = search(SOURCE, prepared("metformin", "warfarin"), MODEL, LearnedOrder(None), budget=12)
RESULTS = assemble(DONE, MODEL, source=SOURCE, seed=0)


def test_results_are_saved_whole_and_read_again(tmp_path: Path) -> None:
    path = save_search(RESULTS, tmp_path)
    assert load_search(tmp_path) == json.loads(path.read_text()) == RESULTS
    counts = RESULTS["counts"]
    assert counts["questions"] == sum(counts[key] for key in ("broken", "held", "open", "errors"))
    assert counts["queries"] == sum(one["queries"] for one in RESULTS["questions"])


def test_every_case_that_was_found_fails_again() -> None:
    broken = [one for one in RESULTS["questions"] if one["status"] == "broken"]
    assert broken
    for one in broken:
        pair = find_found(RESULTS, one["case_id"])
        assert (pair.case.id, pair.misspelling.text) == (one["case_id"], one["misspelling"])
        shown = replay_pair(pair, MODEL)
        assert shown["verdict"].startswith(one["verdict"])
        assert one["case_id"] in one["replay"]


def test_cases_of_a_file_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,answer\nWhat is metformin for?,type 2 diabetes mellitus\n")
    source = UserDataSource(path)
    slots = source.slots(None)
    model = load_model("python:tests.search.test_search_results:exact")
    done = search(source, slots, model, LearnedOrder(None), budget=6)
    results = assemble(done, model, source=source, seed=0)
    (one,) = [one for one in results["questions"] if one["status"] == "broken"]
    assert find_found(results, one["case_id"], data=path).case.question == one["asked"]


def exact(question: str) -> str:
    return "type 2 diabetes mellitus" if "metformin" in question else "high blood pressure"


def test_what_cannot_be_found_again() -> None:
    with pytest.raises(InputError, match="No such case"):
        find_found(RESULTS, "0" * 12)
    changed = RESULTS | {"data": RESULTS["data"] | {"tables": {"drugs": "0" * 12}}}
    case = next(one["case_id"] for one in RESULTS["questions"] if one["status"] == "broken")
    with pytest.raises(InputError, match="other tables"):
        find_found(changed, case)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{broken", '{"schema_version": 99}'])
def test_foreign_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "search.json").write_text(text)
    with pytest.raises(InputError, match=r"Not the results|Unknown schema version"):
        load_search(tmp_path)
    with pytest.raises(InputError, match="No search"):
        load_search(tmp_path / "nowhere")


def test_the_sentences_add_up() -> None:
    lines = search_lines(RESULTS)
    counts = RESULTS["counts"]
    assert f"in {counts['broken']} of {counts['questions']} questions" in lines[0]
    assert f"Queries: {counts['queries']:,}" in lines[0]
    assert search_lines(RESULTS | {"questions": [], "counts": dict.fromkeys(counts, 0)})[1:] == []
