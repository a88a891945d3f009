"""A user's own questions from outside: ``robustness audit --data``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import complaint, robustness

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_squad_example_end_to_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = robustness(
        *(
            "audit",
            "--data",
            EXAMPLES / "squad.json",
            "--budget",
            60,
            "--fail-under",
            0,
            "--out",
            out,
        )
    )
    assert run.returncode == 0, run.stderr
    assert "49 of 50 rows name a drug" in run.stdout
    results = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert results["rates"]["overall"]["baseline_accuracy"]["estimate"] > 0.6
    assert [row["reason"] for row in results["data"]["skipped_rows"]] == [
        "no drug name in the question, one in the context alone"
    ]
    assert "49 of 50 rows" in (tmp_path / "out" / "summary.md").read_text()
    case = results["failures"][0]["case_id"]
    again = robustness(
        "replay", case, "--audit", tmp_path / "out", "--data", EXAMPLES / "squad.json"
    )
    assert results["failures"][0]["verdict"] in again.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "nowhere.json"], "cannot be read"),
        (["--data", "bad.jsonl"], "bad.jsonl, line 2: The row cannot be read"),
        (["--data", "bad.jsonl", "--drugs", "metfromin"], "Did you mean 'metformin'"),
        (["--data", "bad.jsonl", "--skip-bad-rows"], "no context"),
    ],
)
def test_bad_data_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    row = json.dumps({"question": "What is metformin for?", "answer": "diabetes"})
    (tmp_path / "bad.jsonl").write_text(f"{row}\n{{\n")
    assert words in complaint(robustness("audit", *arguments, cwd=tmp_path), 2)


def test_bad_rows_are_counted_in_what_is_shown(tmp_path: Path) -> None:
    row = json.dumps({"question": "What is metformin for?", "answer": "diabetes"})
    (tmp_path / "bad.jsonl").write_text(f"{row}\n{{\n{{}}\n")
    audit = [
        "audit",
        "--model",
        "planted:robust",
        "--data",
        "bad.jsonl",
        "--out",
        "out",
        "--fail-under",
        0,
    ]
    run = robustness(*audit, "--skip-bad-rows", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "1 of 3 rows name a drug and were used, 2 left out (2 of them bad" in run.stdout
    skipped = json.loads((tmp_path / "out" / "audit.json").read_text())["data"]["skipped_rows"]
    assert [(row["file"], row["row"]) for row in skipped] == [
        ("bad.jsonl", "line 2"),
        ("bad.jsonl", "line 3"),
    ]
