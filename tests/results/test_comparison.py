from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.models import load_model
from robustness.results.audit_json import load_results, save_results
from robustness.results.comparison import compare_audits
from robustness.results.pairs_csv import read_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.audit import Plan

PLAN = make_plan(load_drugs(), seed=0, budget=300)


def audited(folder: Path, spec: str, plan: Plan = PLAN) -> Path:
    folder.mkdir()
    save_results(run_audit(plan, load_model(spec)), folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("audits")
    return {name: audited(root / name, f"planted:{name}") for name in ("robust", "fragile")}


def test_two_models_on_the_same_questions(folders: dict[str, Path]) -> None:
    found = compare_audits(folders["robust"], folders["fragile"])
    failed = {row["case_id"] for row in load_results(folders["fragile"])["failures"]}
    assert found["decision"] == "regression"
    assert {row["case_id"] for row in found["new_failures"]} == failed
    assert found["fixed"] == []
    assert found["overall"]["appeared"] == len(failed)
    assert found["matched"] == {
        "pairs": 300,
        "only_baseline": 0,
        "only_current": 0,
        "not_judged": 0,
    }
    assert any("planted:robust to planted:fragile" in words for words in found["differences"])
    by_channel = [row for row in found["slices"] if row["slice"] == "channel"]
    assert sum(row["n"] for row in by_channel) == 300
    assert all(row["p_adjusted"] >= row["p_value"] for row in found["slices"])


def test_the_other_way_round_and_with_itself(folders: dict[str, Path]) -> None:
    back = compare_audits(folders["fragile"], folders["robust"] / "audit.json")
    assert (back["decision"], len(back["new_failures"])) == ("improvement", 0)
    same = compare_audits(folders["robust"], folders["robust"])
    assert (same["decision"], same["differences"]) == ("no difference", [])


def test_an_audit_without_its_pairs_says_so(folders: dict[str, Path], tmp_path: Path) -> None:
    text = (folders["robust"] / "audit.json").read_text()
    (tmp_path / "audit.json").write_text(text)
    with pytest.raises(InputError, match=r"no pairs\.csv"):
        compare_audits(folders["robust"], tmp_path)
    rows = (folders["robust"] / "pairs.csv").read_text().splitlines(keepends=True)
    (tmp_path / "pairs.csv").write_text("".join(rows[:-1]))
    with pytest.raises(InputError, match=r"pairs\.csv holds"):
        compare_audits(folders["robust"], tmp_path)


def test_other_seeds_and_budgets_are_explained(folders: dict[str, Path], tmp_path: Path) -> None:
    plan = make_plan(load_drugs(), seed=1, budget=300)
    with pytest.raises(InputError, match="seed"):
        compare_audits(folders["robust"], audited(tmp_path / "seed", "planted:robust", plan))
    part = audited(tmp_path / "part", "planted:robust", make_plan(load_drugs(), seed=0, budget=100))
    found = compare_audits(folders["robust"], part)
    assert (found["matched"]["pairs"], found["matched"]["only_baseline"]) == (100, 200)
    assert any("budget changed from 300 to 100" in words for words in found["differences"])


def test_pairs_come_back_as_they_were_written(folders: dict[str, Path], tmp_path: Path) -> None:
    results = run_audit(PLAN, load_model("planted:fragile"))
    assert read_pairs(folders["fragile"]) == results["pairs"]
    assert read_pairs(tmp_path) is None
    hostile = [row | {"misspelling": 'a,"b\n=1+1'} for row in results["pairs"][:3]]
    save_results(results | {"pairs": hostile}, tmp_path)
    assert read_pairs(tmp_path) == hostile


@pytest.mark.parametrize("text", ["x,y\n1,2\n", "case_id,drug\n1\n", '"', "\ufffe\n\n"])
def test_files_that_are_no_pairs(tmp_path: Path, folders: dict[str, Path], text: str) -> None:
    (tmp_path / "audit.json").write_text((folders["robust"] / "audit.json").read_text())
    (tmp_path / "pairs.csv").write_text(text)
    with pytest.raises(InputError):
        compare_audits(tmp_path, folders["robust"])
