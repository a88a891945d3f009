"""The real command line in a subprocess: what is printed where, exit codes, and what is left behind."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from robustness import __version__

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [
    "audit",
    "search",
    "compare",
    "report",
    "replay",
    "tokenizers",
    "misspell",
    "guard",
    "train",
    "cache",
    "list",
]


def robustness(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "robustness", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        **options,
    )


def complaint(run: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line of a failed run."""
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_help_and_version() -> None:
    run = robustness("--help")
    assert run.returncode == 0
    assert all(command in run.stdout for command in COMMANDS)
    assert robustness("--version").stdout.strip() == __version__


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    run = robustness(command, "--help")
    assert run.returncode == 0
    assert f"Example: robustness {command}" in run.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, robustness.cli as c\ntry: c.app(['--help'], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print({'torch','transformers','scipy','numpy','matplotlib','hypothesis','pydantic'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "set()"


def test_an_audit_writes_everything_and_prints_where(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = robustness(
        "audit", "--model", "planted:robust", "--budget", 50, "--fail-under", 0.5, "--out", out
    )
    assert run.returncode == 0, run.stderr
    assert "Flip rate" in run.stdout
    assert str(out / "report.html") in run.stdout
    assert "with 80 % probability" in run.stderr
    assert len(run.stderr.splitlines()) == 1
    files = {path.name for path in out.iterdir()}
    assert files == {
        "audit.json",
        "audit.sqlite",
        "failures.csv",
        "junit.xml",
        "pairs.csv",
        "report.html",
        "summary.md",
    }


def test_the_embedded_reader_end_to_end(tmp_path: Path) -> None:
    """A small real audit: the model finds answers, misspellings change some, and a replay shows one."""
    out = tmp_path / "out"
    run = robustness("audit", "--budget", 120, "--fail-under", 0.2, "--out", out)
    assert run.returncode == 0, run.stderr
    results = json.loads((out / "audit.json").read_text())
    assert results["rates"]["overall"]["baseline_accuracy"]["estimate"] >= 0.98
    assert results["model"]["kind"] == "extractive"
    assert results["tokenizer"]["xray"]["fertility_misspelled"] > 2
    assert results["failures"]
    worst = results["failures"][0]
    shown = robustness("replay", worst["case_id"], "--audit", out).stdout
    assert worst["verdict"] in shown
    assert " ".join(worst["tokens_misspelled"]) in shown
    again = robustness("report", out, "--format", "markdown,html")
    assert again.stdout.split() == [str(out / "summary.md"), str(out / "report.html")]


@pytest.mark.parametrize(("threshold", "code"), [("0.99", 1), ("0.1", 0), ("0.32", 4)])
def test_gate_exit_codes(tmp_path: Path, threshold: str, code: int) -> None:
    run = robustness(
        "audit",
        "--model",
        "planted:fragile",
        "--budget",
        600,
        "--fail-under",
        threshold,
        "--out",
        tmp_path,
    )
    assert run.returncode == code, run.stdout
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit", "--drugs", "metfromin"], "Did you mean 'metformin'"),
        (["audit", "--drugs", ""], "Unknown drug"),
        (["audit", "--model", "planted:fragil"], "Did you mean 'fragile'"),
        (["audit", "--model", "./nowhere"], "No such model folder"),
        (["audit", "--budget", "-3"], "'budget'"),
        (["audit", "--fail-under", "95"], "'fail-under'"),
        (["audit", "--out", "/dev/null/out"], "Cannot write"),
        (["report", "nowhere"], "No audit in this folder"),
        (["replay", "000000000000", "--audit", "nowhere"], "No audit in this folder"),
        (["misspell", ""], "Fewer than two letters"),
        (["misspell", "12345"], "Fewer than two letters"),
        (["misspell", "x" * 1001], "1001 characters"),
        (["list", "drug"], "Did you mean 'drugs'"),
        (["train", "--base", "nowhere", "--out", "x"], "No such base model"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    assert words in complaint(robustness(*arguments, cwd=tmp_path), 2)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_unknown_options_are_exit_code_2() -> None:
    assert "--modle" in complaint(robustness("audit", "--modle", "reader"), 2)
    assert "adit" in complaint(robustness("adit"), 2)
    assert "Missing" in complaint(robustness("train"), 2)


def test_no_arguments_show_the_help() -> None:
    assert "Usage" in robustness().stdout


def test_a_defect_of_the_tool_is_exit_code_3(tmp_path: Path) -> None:
    code = (
        "import robustness.cli as c, robustness.drugs as d\n"
        "def broken(): raise ZeroDivisionError('planted')\n"
        "d.load_drugs = broken\nc.main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "list", "drugs"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "defect of the tool" in complaint(run, 3)


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The system itself refuses to write more than 150 kB into one file."""
    audit = ["audit", "--model", "planted:fragile", "--budget", 600]
    audit += ["--fail-under", 0, "--out", tmp_path]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    full = robustness(*audit, preexec_fn=limit)
    assert full.returncode == 2
    assert "Cannot write" in full.stderr.splitlines()[-1]
    assert not {"audit.json", "report.html"} & {path.name for path in tmp_path.iterdir()}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert robustness(*audit).returncode == 0
    assert json.loads((tmp_path / "audit.json").read_text())["counts"]["pairs"] == 600


def test_ctrl_c_keeps_what_was_answered_and_the_next_run_ends_the_same(tmp_path: Path) -> None:
    def arguments(name: str) -> list[str]:
        return ["audit", "--budget", "200", "--fail-under", "0", "--out", str(tmp_path / name)]

    broken = tmp_path / "broken"
    process = subprocess.Popen(
        [sys.executable, "-m", "robustness", *arguments("broken")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and answers(broken / "audit.sqlite") < 64:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.strip().splitlines()[-1].startswith("interrupted")
    assert "Traceback" not in errors
    assert not (broken / "audit.json").exists()
    assert robustness(*arguments("broken")).returncode == 0
    assert robustness(*arguments("whole")).returncode == 0
    resumed, whole = (
        json.loads((tmp_path / name / "audit.json").read_text()) for name in ("broken", "whole")
    )
    assert 0 < resumed["timing"]["prompts_from_store"] < whole["counts"]["model_calls"]
    for different in ("run", "timing"):
        del resumed[different], whole[different]
    assert resumed == whole


def answers(path: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_fresh_asks_everything_again(tmp_path: Path) -> None:
    audit = ["audit", "--model", "planted:robust", "--budget", 50, "--fail-under", 0]
    audit += ["--out", tmp_path]
    asked = []
    for extra in ([], [], ["--fresh"]):
        assert robustness(*audit, *extra).returncode == 0
        timing = json.loads((tmp_path / "audit.json").read_text())["timing"]
        asked.append(timing["prompts_asked"] > 0)
    assert asked == [True, False, True]


def test_further_cases_can_be_left_out(tmp_path: Path) -> None:
    audit = ["audit", "--model", "planted:look-alikes", "--budget", 40, "--fail-under", 0]
    further = {"must_differ", "invented"}
    for extra, keys in (([], further), (["--no-extras"], set())):
        run = robustness(*audit, "--out", tmp_path, *extra)
        assert run.returncode == 0, run.stderr
        assert further & json.loads((tmp_path / "audit.json").read_text()).keys() == keys
        assert ("Look-alikes" in run.stdout) == bool(keys)


def test_a_foreign_file_in_place_of_the_store_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "audit.sqlite").write_text("my diary")
    run = robustness(
        "audit", "--model", "planted:robust", "--budget", 20, "--fail-under", 0, "--out", tmp_path
    )
    assert run.returncode == 0
    assert "set aside" in run.stderr
    assert (tmp_path / "audit.sqlite.set-aside-1").read_text() == "my diary"


def test_misspell_and_list_as_json() -> None:
    rows = json.loads(robustness("misspell", "Metformin", "--top", 5, "--json").stdout)
    assert len(rows) == 5
    assert rows[0]["channel"] == "observed"
    for what in ("models", "tokenizers", "drugs", "channels", "properties"):
        assert json.loads(robustness("list", what, "--json").stdout)


def test_misspell_through_one_channel() -> None:
    run = robustness("misspell", "metformin", "--channel", "ocr", "--top", 3, "--json")
    assert {row["channel"] for row in json.loads(run.stdout)} == {"ocr"}
    noisy = json.loads(robustness("misspell", "metformin", "--channel", "noisy", "--json").stdout)
    probabilities = [row["probability"] for row in noisy]
    assert probabilities == sorted(probabilities, reverse=True)
    assert "keyboard" in complaint(robustness("misspell", "metformin", "--channel", "keybord"), 2)


@pytest.mark.parametrize("name", ["x" * 500, "مترفورمين metformin", "metformin \N{PILL}"])
def test_odd_names_have_misspellings(name: str) -> None:
    run = robustness("misspell", name, "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)


def test_no_colour_when_asked_for_none() -> None:
    run = robustness("list", "models", env=os.environ | {"NO_COLOR": "1", "FORCE_COLOR": ""})
    assert "\x1b[" not in run.stdout


def test_the_default_gate_fails_the_fragile_model_early_and_compare_sees_it(tmp_path: Path) -> None:
    codes = {}
    for name in ("robust", "fragile"):
        audit = ["audit", "--model", f"planted:{name}", "--budget", "auto"]
        codes[name] = robustness(*audit, "--out", tmp_path / name).returncode
    assert codes == {"robust": 0, "fragile": 1}
    stopped = json.loads((tmp_path / "fragile" / "audit.json").read_text())["gate"]["early"]
    assert stopped["stopped"]
    worse = robustness("compare", tmp_path / "robust", tmp_path / "fragile", "--json")
    assert worse.returncode == 1
    assert json.loads(worse.stdout)["decision"] == "regression"
    better = robustness("compare", tmp_path / "fragile", tmp_path / "robust")
    assert better.returncode == 0
    assert "improvement" in better.stdout


@pytest.mark.parametrize(("counts_as", "code"), [("pass", 0), ("fail", 1)])
def test_an_inconclusive_gate_counts_as_told(tmp_path: Path, counts_as: str, code: int) -> None:
    audit = ["audit", "--model", "planted:robust", "--budget", 20, "--out", tmp_path]
    assert robustness(*audit).returncode == 4
    assert robustness(*audit, "--inconclusive", counts_as).returncode == code
