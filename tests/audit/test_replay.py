from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.audit import make_plan, run_audit
from robustness.audit.replay import find_case, replay, replay_pair
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.models import load_model
from robustness.questions import UserDataSource
from robustness.questions.loading import embedded_source
from robustness.questions.pair import Pair

if TYPE_CHECKING:
    from pathlib import Path

MODEL = load_model("planted:fragile")
RESULTS = run_audit(make_plan(load_drugs(), seed=5, budget=120), MODEL)


def test_every_failure_is_found_and_fails_again() -> None:
    for row in RESULTS["failures"]:
        pair = find_case(RESULTS, row["case_id"])
        assert isinstance(pair, Pair)
        assert (pair.drug.name, pair.misspelling.text) == (row["drug"], row["misspelling"])
        shown = replay_pair(pair, MODEL)
        assert shown["verdict"].startswith(row["verdict"])


def test_unknown_case_and_changed_tables() -> None:
    with pytest.raises(InputError, match="No such case"):
        find_case(RESULTS, "0" * 12)
    changed = RESULTS | {"data": RESULTS["data"] | {"tables": {"drugs": "0" * 12}}}
    with pytest.raises(InputError, match="other tables"):
        find_case(changed, RESULTS["failures"][0]["case_id"])


def test_closed_book_cases_are_found_again() -> None:
    source = embedded_source(5, kind="choice")
    plan = make_plan(load_drugs(), seed=5, budget=40, source=source)
    results = run_audit(plan, MODEL)
    assert results["data"]["source"] == {"kind": "closed_book"}
    assert find_case(results, plan.pairs[-1].case.id) == plan.pairs[-1]
    assert replay_pair(plan.pairs[-1], MODEL)["options"].count(" | ") == 3


def test_cases_of_a_file_are_found_again_unless_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,answer\nWhat are warfarin and Glucophage for?,several things\n")
    plan = make_plan(None, seed=5, budget=9, source=UserDataSource(path))
    results = run_audit(plan, MODEL)
    assert results["data"]["requested_drugs"] == ["metformin", "warfarin"]
    for pair in plan.pairs:
        assert find_case(results, pair.case.id, data=path) == pair
    path.write_text(path.read_text() + "What is warfarin?,a blood thinner\n")
    with pytest.raises(InputError, match="changed since the audit"):
        find_case(results, plan.pairs[0].case.id, data=path)
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        find_case(results, plan.pairs[0].case.id, data=path)


def test_must_differ_and_abstain_cases_are_found_and_fail_again() -> None:
    model = load_model("planted:look-alikes")
    results = run_audit(make_plan(load_drugs(), seed=5, budget=120), model)
    confused = results["must_differ"]["failures"]
    assert confused
    for row in confused[:2]:
        for case_id, question in zip(row["case_ids"], row["questions"], strict=True):
            shown = replay(find_case(results, case_id), model)
            assert question in shown.values()
            assert shown["verdict"].startswith("confused")
            assert replay(find_case(results, case_id), MODEL)["verdict"] == "told apart"
    fragile = load_model("planted:fragile")
    results = run_audit(make_plan(load_drugs(), seed=5, budget=120), fragile)
    invented = results["invented"]["failures"]
    assert invented
    for row in invented[:2]:
        shown = replay(find_case(results, row["case_id"]), fragile)
        assert (shown["invented name"], shown["question"]) == (row["name"], row["question"])
        assert shown["verdict"] == f"inventing ({row['answered_for']})"
        abstaining = load_model("planted:abstaining")
        assert replay(find_case(results, row["case_id"]), abstaining)["verdict"] == "abstained"
