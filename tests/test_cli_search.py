"""``robustness search`` in a subprocess: what it prints, writes and exits with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.test_cli import answers, complaint, robustness

if TYPE_CHECKING:
    from pathlib import Path

FRAGILE = ["search", "--model", "planted:fragile", "--drugs", "metformin", "--budget", 12]


def test_a_fragile_model_is_broken_shown_and_replayed(tmp_path: Path) -> None:
    run = robustness(*FRAGILE, "--out", tmp_path)
    assert run.returncode == 1, run.stderr
    assert run.stderr == ""
    results = json.loads((tmp_path / "search.json").read_text())
    found = next(one for one in results["questions"] if one["status"] == "broken")
    assert found["case_id"] in run.stdout
    assert found["distance"] == 1
    assert found["minimal"] == "proven"
    assert results["counts"]["queries"] == 12 * len(results["questions"])
    again = robustness("replay", found["case_id"], "--audit", tmp_path)
    assert again.returncode == 0, again.stderr
    assert found["verdict"] in again.stdout
    assert "another drug" in again.stdout
    assert "1 edit" in again.stdout
    assert "Did you mean" in complaint(
        robustness("replay", found["case_id"][:-1], "--audit", tmp_path), 2
    )


def test_json_is_the_file_and_two_runs_are_equal(tmp_path: Path) -> None:
    first = robustness(*FRAGILE, "--json", "--out", tmp_path / "a")
    second = robustness(*FRAGILE, "--json", "--out", tmp_path / "b")
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert json.loads(first.stdout) == json.loads((tmp_path / "a" / "search.json").read_text())
    resumed = robustness(*FRAGILE, "--json", "--out", tmp_path / "a")
    assert resumed.stdout == first.stdout
    fresh = robustness(*FRAGILE, "--json", "--fresh", "--out", tmp_path / "a")
    assert fresh.stdout == first.stdout


def test_a_robust_model_passes(tmp_path: Path) -> None:
    run = robustness(
        *("search", "--model", "planted:robust", "--drugs", "warfarin,lisinopril"),
        *("--budget", 40, "--out", tmp_path),
    )
    assert run.returncode == 0, run.stdout
    assert "Answers changed in 0 of" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--drugs", "metfromin"], "Did you mean 'metformin'"),
        (["--budget", "1"], "at least 2 queries"),
        (["--refine", "-1"], "negative number of tries"),
        (["--max-edits", "3"], "max-edits"),
        (["--data", "nowhere.csv"], "nowhere.csv"),
        (["--model", "planted:fragil"], "Did you mean 'fragile'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    assert words in complaint(robustness("search", *arguments, cwd=tmp_path), 2)


def test_a_file_of_questions_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "question,context,answer\n"
        "What is metformin used for?,Metformin is used for diabetes. Warfarin is used for clots.,diabetes\n"
    )
    run = robustness(
        *("search", "--model", "planted:fragile", "--data", path, "--budget", 5, "--json"),
        cwd=tmp_path,
    )
    assert run.returncode in {0, 1}, run.stderr
    (one,) = json.loads(run.stdout)["questions"]
    assert one["drug"] == "metformin"
    assert (tmp_path / "reports" / "search-planted-fragile" / "search.json").exists()


def test_ctrl_c_keeps_what_was_answered(tmp_path: Path) -> None:
    arguments = ["search", "--model", "planted:slow", "--drugs", "metformin", "--budget", "40"]
    process = subprocess.Popen(
        [sys.executable, "-m", "robustness", *arguments, "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and answers(tmp_path / "search.sqlite") < 32:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.strip().splitlines()[-1].startswith("interrupted")
    assert not (tmp_path / "search.json").exists()
    assert answers(tmp_path / "search.sqlite") < 240
    assert robustness(*arguments, "--out", tmp_path).returncode == 0
    assert answers(tmp_path / "search.sqlite") == 240
