"""A saved audit is data: nothing that it names is imported, opened or sent to, and nothing in it breaks a command."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from robustness.audit import make_plan, run_audit
from robustness.cli import main
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.results.audit_json import save_results

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESULTS = run_audit(make_plan(load_drugs(), seed=0, budget=30), load_model("planted:fragile"))
CASE = RESULTS["failures"][0]["case_id"]


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["robustness", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save_results(RESULTS, tmp_path)
    return tmp_path


def changed(folder: Path, **model: Any) -> None:
    saved = json.loads((folder / "audit.json").read_text())
    saved["model"] |= model
    (folder / "audit.json").write_text(json.dumps(saved))


def test_a_planted_model_is_replayed_without_being_named(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "replay", CASE, "--audit", str(audit)) == 0
    assert "verdict" in capsys.readouterr().out


def test_code_that_a_saved_audit_names_is_run_only_when_the_user_names_it(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (audit / "payload_of_strangers.py").write_text(
        "open('PWNED', 'w').close()\ndef f(question):\n    return 'x'\n"
    )
    spec = "python:payload_of_strangers:f"
    changed(audit, spec=spec)
    assert run(monkeypatch, "replay", CASE, "--audit", ".") == 2
    assert not (audit / "PWNED").exists()
    assert f"--model {spec}" in capsys.readouterr().err
    assert run(monkeypatch, "replay", CASE, "--audit", ".", "--model", spec) == 0
    assert (audit / "PWNED").exists()


@pytest.mark.parametrize(
    "model",
    [
        {"spec": "python:os:system"},
        {"spec": "guard:python:os:system"},
        {"spec": "./folder"},
        {"spec": "someone/model"},
        {"spec": "gguf:evil.gguf"},
        {"spec": "reader", "adapter": "evil"},
    ],
)
def test_what_a_saved_audit_names_is_not_loaded(
    audit: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    model: dict[str, str],
) -> None:
    changed(audit, **model)
    assert run(monkeypatch, "replay", CASE, "--audit", ".") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "--model" in lines[0]


def test_a_file_that_a_saved_audit_names_is_not_opened(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = json.loads((audit / "audit.json").read_text())
    saved["data"]["source"] = {"kind": "file", "path": "/dev/zero", "sha256": "0" * 64}
    for kind in ("file", "user_data", "own"):
        saved["data"]["source"]["kind"] = kind
        (audit / "audit.json").write_text(json.dumps(saved))
        run(monkeypatch, "replay", "0" * 12, "--audit", ".")
        assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.fixture
def heard() -> Iterator[tuple[int, list[str]]]:
    """A server that writes down the keys it is sent."""
    keys: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            keys.append(str(self.headers.get("Authorization")))
            self.send_error(500)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, keys
    server.shutdown()
    server.server_close()


def test_no_key_goes_to_an_address_that_only_the_file_names(
    audit: Path,
    monkeypatch: pytest.MonkeyPatch,
    heard: tuple[int, list[str]],
) -> None:
    port, keys = heard
    changed(audit, spec=f"openai:http://127.0.0.1:{port}/v1#stolen")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
    assert run(monkeypatch, "replay", CASE, "--audit", ".") == 2
    assert keys == []


@pytest.mark.parametrize("command", ["report", "replay", "compare"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 200_000,
        "{}",
        '{"schema_version": 2}',
        '{"schema_version": true}',
        '{"schema_version": 99}',
        '{"schema_version": NaN}',
        '"text"',
        "\x00",
    ],
)
def test_damaged_results_are_one_clear_line(
    audit: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    text: str,
) -> None:
    (audit / "audit.json").write_text(text)
    words = {
        "report": ["report", "."],
        "replay": ["replay", CASE, "--audit", "."],
        "compare": ["compare", ".", "."],
    }[command]
    assert run(monkeypatch, *words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert len(lines[0]) < 700


def test_every_key_that_is_missing_or_of_another_type_is_one_clear_line(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads((audit / "audit.json").read_text())
    places = [(key,) for key in whole] + [
        (key, inner) for key, value in whole.items() if isinstance(value, dict) for inner in value
    ]
    for place in places:
        for value in (None, 7, "text", [], {}, ["x"], {"x": "y"}):
            saved = json.loads(json.dumps(whole))
            at = saved
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = value
            (audit / "audit.json").write_text(json.dumps(saved))
            code = run(monkeypatch, "report", ".", "--format", "markdown,junit,csv")
            assert code in {0, 2}, (place, value, capsys.readouterr().err)


def test_terminal_escapes_and_workflow_commands_are_shown_and_not_obeyed(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (audit / "hostile_pipeline.py").write_text(
        "def f(question):\n    return '\\x1b[31mRED\\x1b]0;title\\x07\\n::error file=x::'\n"
    )
    assert (
        run(monkeypatch, "replay", CASE, "--audit", ".", "--model", "python:hostile_pipeline:f")
        == 0
    )
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.startswith("::") for line in out.splitlines())


def test_formulas_are_no_formulas_in_pairs_csv_and_come_back(tmp_path: Path) -> None:
    from robustness.results.pairs_csv import COLUMNS, read_pairs, write_pairs

    row = dict.fromkeys(COLUMNS, "x") | {"group": "=cmd|' /C calc'!A0", "question": "'quoted"}
    write_pairs([row], tmp_path)
    text = (tmp_path / "pairs.csv").read_text()
    assert ",'=cmd" in text
    assert read_pairs(tmp_path) == [row]


@pytest.mark.usefixtures("audit")
@pytest.mark.parametrize("words", [["report"], ["replay", CASE, "--audit"], ["compare", "."]])
def test_a_folder_that_no_system_can_look_up_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(monkeypatch, *words, "a" * 300) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    "data",
    [
        {"source": {"kind": "file"}},
        {"source": {"kind": "file", "path": "x", "rows": 1, "rows_asked": 1}},
        {"requested_drugs": ["no such drug"]},
    ],
)
def test_data_that_a_saved_audit_only_half_names_is_one_clear_line(
    audit: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: dict[str, Any],
) -> None:
    saved = json.loads((audit / "audit.json").read_text())
    saved["data"] |= data
    (audit / "audit.json").write_text(json.dumps(saved))
    assert run(monkeypatch, "report", ".", "--format", "markdown") in {0, 2}
    capsys.readouterr()
    assert run(monkeypatch, "replay", CASE, "--audit", ".") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_adapter_is_named_with_its_model_and_missed_where_only_the_model_is(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(audit, spec="someone/model", adapter="an adapter")
    assert run(monkeypatch, "replay", CASE, "--audit", ".") == 2
    assert "--model someone/model --adapter 'an adapter'" in capsys.readouterr().err
    changed(audit, spec="planted:fragile", adapter="an adapter")
    words = ("replay", CASE, "--audit", ".", "--model", "planted:fragile")
    assert run(monkeypatch, *words) == 0
    assert "without the recorded adapter" in capsys.readouterr().err


def test_rows_of_strangers_cannot_steer_a_terminal_through_compare(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from robustness.results.pairs_csv import read_pairs, write_pairs

    rows = read_pairs(audit)
    assert rows
    evil = "\x1b[31m\n::error::x"
    for name, verdict in (("before", "recovered"), ("after", "wrong_drug")):
        (audit / name).mkdir()
        (audit / name / "audit.json").write_bytes((audit / "audit.json").read_bytes())
        strange = {"verdict": verdict, "severity": evil, "group": evil}
        write_pairs([row | strange for row in rows], audit / name)
    assert run(monkeypatch, "compare", "before", "after") == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.startswith("::") for line in out.splitlines())


def test_failing_trials_that_are_none_are_left_out(tmp_path: Path) -> None:
    from robustness.suite.failing import Failing

    for text in ("[" * 100_000, '{"m": 3}', '{"m": [3, {}, {"property": 1}]}', '{"m": [[]]}'):
        (tmp_path / "failing.json").write_text(text)
        assert Failing(tmp_path / "failing.json", "m").parts == set()


HOSTILE = {
    "a superscript as a number": (
        ["audit", "--model", "planted:robust", "--budget", "5", "--data", "x"],
        {"x": '{"question": "What is metformin for?", "options": ["a", "b"], "cop": "\u00b2"}'},
    ),
    "a number of 5,000 digits": (
        ["audit", "--model", "planted:robust", "--budget", "5", "--data", "x"],
        {
            "x": '{"question": "What is metformin for?", "options": ["a", "b"], "cop": "'
            + "1" * 5000
            + '"}'
        },
    ),
    "a tool that is no table": (["audit"], {"pyproject.toml": "tool = 3"}),
    "a table that is none": (["audit"], {"pyproject.toml": "[[tool.robustness]]"}),
    "a deep configuration": (["audit"], {"robustness.toml": "x = " + "[" * 900}),
    "a zero byte in a path": (["audit"], {"robustness.toml": 'out = "a\\u0000b"'}),
    "a huge id": (
        ["tokenizers", "tokenizer.json", "--drugs", "metformin"],
        {
            "tokenizer.json": json.dumps(
                {
                    "version": "1.0",
                    "added_tokens": [],
                    "pre_tokenizer": {"type": "Whitespace"},
                    "model": {
                        "type": "WordLevel",
                        "vocab": {"a": 0, "b": 2**32 - 6},
                        "unk_token": "a",
                    },
                }
            )
        },
    ),
    "a model without heads": (
        ["audit", "--model", "m", "--budget", "5"],
        {
            "m/config.json": '{"model_type": "bert", "architectures": ["BertForQuestionAnswering"], "num_attention_heads": 0}'
        },
    ),
    "a model with a size of text": (
        ["audit", "--model", "m", "--budget", "5"],
        {
            "m/config.json": '{"model_type": "bert", "architectures": ["BertForQuestionAnswering"], "hidden_size": "x"}'
        },
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    words, files = HOSTILE[name]
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, *words) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert len(lines[0]) < 1100
