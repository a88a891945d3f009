from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.asking import Asking
from robustness.answers.events import BatchAnswered, Event, Planned, Setback
from robustness.answers.store import Store
from robustness.audit import Wanted, make_plan, run_audit
from robustness.drugs import load_drugs, load_known_names, select_drugs
from robustness.errors import InputError, ModelError
from robustness.gate import Rule
from robustness.models import Answer, Prompt, load_model
from robustness.models.planted.spelling import PlantedModel
from robustness.results.audit_json import load_results, save_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN = make_plan(load_drugs(), seed=0, budget=300)


def lasting(results: dict[str, Any]) -> dict[str, Any]:
    """Results without what may differ between two runs."""
    return {key: value for key, value in results.items() if key not in ("run", "timing")}


class Faulty(PlantedModel):
    """Fails on every question about one drug, as a whole batch at first."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        if any("warfa" in prompt.question for prompt in prompts):
            raise ModelError("Out of order")
        return super().answer(prompts)


def test_results_have_the_documented_keys_and_add_up() -> None:
    results = run_audit(PLAN, load_model("planted:fragile"))
    assert set(results) == {
        "schema_version",
        "run",
        "model",
        "tokenizer",
        "attribution",
        "data",
        "counts",
        "rates",
        "verdicts",
        "gate",
        "timing",
        "failures",
        "noise_floor",
        "pairs",
        "must_differ",
        "invented",
    }
    assert set(results["rates"]["by"]) == {"channel", "edits", "group", "position", "question"}
    counts, overall = results["counts"], results["rates"]["overall"]
    assert counts["pairs"] == 300 == sum(results["verdicts"].values())
    assert len(results["failures"]) == 300 - results["verdicts"]["consistent"]
    assert overall["flip_rate"]["estimate"] == pytest.approx(
        len(results["failures"]) / 300, abs=1e-6
    )
    assert overall["baseline_accuracy"]["estimate"] == 1
    for slices in results["rates"]["by"].values():
        assert sum(rates["consistency"]["n"] for rates in slices.values()) == 300


def test_no_failure_is_about_another_known_drug() -> None:
    known = load_known_names()
    for row in run_audit(PLAN, load_model("planted:fragile"))["failures"]:
        assert row["misspelling"] not in known


def test_two_runs_give_the_same_file_but_for_times(tmp_path: Path) -> None:
    folders = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        results = run_audit(PLAN, load_model("planted:fragile"))
        save_results(lasting(results) | {"run": 0, "timing": 0}, folder)
        folders.append(folder)
    assert (folders[0] / "audit.json").read_bytes() == (folders[1] / "audit.json").read_bytes()


def test_a_second_run_asks_nothing_and_gives_the_same(tmp_path: Path) -> None:
    model = load_model("planted:fragile")
    with Store(tmp_path / "audit.sqlite", model.fingerprint) as store:
        first = run_audit(PLAN, model, asking=Asking(store=store))
        again = run_audit(PLAN, model, asking=Asking(store=store))
    assert lasting(first) == lasting(again)
    assert first["timing"]["prompts_from_store"] == again["timing"]["prompts_asked"] == 0


def test_equal_prompts_are_asked_once() -> None:
    heard: list[Event] = []
    results = run_audit(
        PLAN, load_model("planted:robust"), asking=Asking(listeners=(heard.append,))
    )
    batches = [event for event in heard if isinstance(event, BatchAnswered)]
    asked = [prompt for batch in batches for prompt in batch.prompts]
    assert len(asked) == len(set(asked)) == results["counts"]["model_calls"]
    assert [event.prompts for event in heard if isinstance(event, Planned)] == [len(asked)]
    further = 2 * results["must_differ"]["n"] + results["invented"]["n"]
    assert results["counts"]["cache_hits"] == 2 * 300 + further - len(asked)


@pytest.mark.parametrize("spec", ["planted:fragile-segmentation", "planted:crashing"])
def test_asking_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch, spec: str) -> None:
    plan = make_plan(select_drugs(["metformin", "warfarin"], load_drugs()), seed=0, budget=0)
    whole = run_audit(plan, load_model(spec), wanted=Wanted(repeats=5))
    monkeypatch.setattr("robustness.audit.ask_plan.PAIRS_AT_ONCE", 7)
    parts = run_audit(plan, load_model(spec), wanted=Wanted(repeats=5))
    assert lasting(parts) == lasting(whole)
    assert parts["timing"]["prompts_asked"] == whole["timing"]["prompts_asked"]
    assert parts["verdicts"]["consistent"] < len(plan.pairs)


def test_an_error_is_neither_a_pass_nor_a_failure_and_the_rest_goes_on() -> None:
    drugs = select_drugs(["warfarin", "metformin"], load_drugs())
    plan = make_plan(drugs, seed=0, budget=0)
    heard: list[Event] = []
    results = run_audit(plan, Faulty("robust"), asking=Asking(listeners=(heard.append,)))
    broken = results["counts"]["errors"]
    assert 0 < broken < len(plan.pairs)
    assert results["verdicts"]["consistent"] == len(plan.pairs) - broken
    assert results["rates"]["overall"]["consistency"]["n"] == len(plan.pairs) - broken
    assert results["rates"]["overall"]["consistency"]["clusters"] == 1
    assert all("Out of order" in event.message for event in heard if isinstance(event, Setback))
    assert {row["severity"] for row in results["failures"]} == {"none"}


def test_gate_and_severity() -> None:
    results = run_audit(PLAN, load_model("planted:fragile"), rules=[Rule("consistency", 0.9)])
    assert results["gate"]["decision"] == "fail"
    for row in results["failures"]:
        assert (row["severity"] == "critical") >= (
            row["verdict"] == "wrong_drug" and row["group"] != "none"
        )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 99}'])
def test_files_that_are_no_audit(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="No audit"):
        load_results(tmp_path)
    (tmp_path / "audit.json").write_text(text)
    with pytest.raises(InputError):
        load_results(tmp_path)
