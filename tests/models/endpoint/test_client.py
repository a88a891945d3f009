"""The endpoint adapter against a real server on the loopback address, with every fault that it may show."""

from __future__ import annotations

import dataclasses
import json
import math
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from robustness.errors import ModelError, ModelRefusedError
from robustness.models import Answer, PartlyAnsweredError, Prompt
from robustness.models.endpoint.client import Endpoint, load_endpoint
from robustness.models.endpoint.pacing import MOST
from robustness.models.endpoint.retrying import retry_after
from robustness.models.protocol import MAX_ANSWER_CHARACTERS
from tests.models.endpoint.server import MODEL, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk-a-secret-key-0123456789"


def test_a_key_that_comes_back_in_an_answer_is_masked(server: Server) -> None:
    for path in ("", "/completions"):
        (answer,) = endpoint(server, path=path).answer([Prompt("echo the key")])
        assert answer.text == "You sent Bearer [key]."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving() as one:
        yield one


def endpoint(server: Server, *, path: str = "", model: str = MODEL, attempts: int = 3) -> Endpoint:
    loaded = load_endpoint(f"openai:{server.url}{path}#{model}")
    return dataclasses.replace(loaded, attempts=attempts, timeout=1.0)


def test_chat_and_text_completions(server: Server) -> None:
    for path in ("", "/chat/completions", "/completions"):
        (answer,) = endpoint(server, path=path).answer([Prompt("What is gout?", "A leaflet.")])
        assert answer.text.startswith("re:")
        assert answer.score == pytest.approx(math.exp(-0.75))
    assert [where for where, _ in server.requests] == [
        "/v1/chat/completions",
        "/v1/chat/completions",
        "/v1/completions",
    ]
    for _, body in server.requests:
        assert "What is gout?" in json.dumps(body)
        assert "A leaflet." in json.dumps(body)
        assert (body["temperature"], body["seed"], body["model"]) == (0, 0, MODEL)
    assert server.keys == {f"Bearer {KEY}"}


def test_a_reply_is_mapped_back_to_its_option(server: Server) -> None:
    prompt = Prompt("What is it for?", options=("asthma", "gout"))
    assert endpoint(server).answer([prompt])[0].text == "gout"
    assert "A. asthma\nB. gout" in server.requests[0][1]["messages"][0]["content"]


def test_answers_keep_their_order_and_concurrency_is_bounded(server: Server) -> None:
    prompts = [Prompt(f"Question {number}, together?") for number in range(40)]
    answers = endpoint(server).answer(prompts)
    assert all(p.question in a.text for p, a in zip(prompts, answers, strict=True))
    assert 1 < server.most_under_way <= MOST


def test_each_fault_costs_one_prompt_and_no_more(server: Server) -> None:
    asked = {
        "broken forever": "500",
        "reset": "Connection error",
        "hang": "timed out",
        "cut off": "No usable reply",
        "half a json": "No usable reply",
        "invalid utf-8": "No usable reply",
        "empty body": "No usable reply",
        "no choices": "no text",
        "a list": "no text",
        "null content": "no text",
        "nested": "No usable reply",
        "drip": "timed out",
        "names the model": "400",
        "always busy now": "429",
    }
    prompts = [Prompt(word) for word in asked] + [Prompt("fine")]
    with pytest.raises(PartlyAnsweredError) as caught:
        endpoint(server).answer(prompts)
    for (word, message), outcome in zip(asked.items(), caught.value.answers, strict=False):
        assert isinstance(outcome, ModelError), word
        assert message in str(outcome), word
        assert "\n" not in str(outcome)
        assert KEY not in str(outcome)
    last = caught.value.answers[-1]
    assert isinstance(last, Answer)
    assert last.text.startswith("re: fine")


def test_what_may_pass_is_tried_again_after_the_time_the_server_asks_for(server: Server) -> None:
    (answer,) = endpoint(server).answer([Prompt("busy")])
    assert answer.text.startswith("re: busy")
    first, second = server.times
    assert second - first >= 1.0
    (answer,) = endpoint(server).answer([Prompt("broken")])
    assert answer.text.startswith("re: broken")
    assert server.times_asked("broken") == 3


def test_a_timeout_is_tried_twice_more_and_a_long_wait_not_at_all(server: Server) -> None:
    with pytest.raises(PartlyAnsweredError):
        endpoint(server, attempts=5).answer([Prompt("hang"), Prompt("always busy")])
    assert server.times_asked("hang") == 3
    assert server.times_asked("always busy") == 2  # busy at first, then asked to wait for hours


def test_a_reply_that_never_ends_costs_no_more_than_one_that_never_begins(server: Server) -> None:
    began = time.monotonic()
    with pytest.raises(PartlyAnsweredError, match="timed out"):
        endpoint(server).answer([Prompt("drip")])
    assert time.monotonic() - began < 40  # three times a second and pauses; to its end it took 57


def test_a_bad_request_that_names_the_model_stops_only_where_nothing_was_answered(
    server: Server,
) -> None:
    model = endpoint(server)
    with pytest.raises(ModelRefusedError, match="does not know the model"):
        model.answer([Prompt("names the model"), Prompt("names the model again")])
    model.answer([Prompt("fine")])
    with pytest.raises(PartlyAnsweredError, match="too long"):
        model.answer([Prompt("names the model")])


def test_odd_content_is_kept_as_text_that_can_be_stored(server: Server) -> None:
    patient = dataclasses.replace(endpoint(server), timeout=60.0)
    huge, empty, odd = patient.answer(
        [Prompt("ten megabytes"), Prompt("empty content"), Prompt("surrogate")]
    )
    assert huge.text == "x" * MAX_ANSWER_CHARACTERS
    assert (empty.text, odd.text) == ("", "?")


def test_parameters_that_a_server_refuses_are_left_out_or_renamed(server: Server) -> None:
    model = endpoint(server)
    model.answer([Prompt("refuses parameters")])
    model.answer([Prompt("refuses parameters again")])
    _, again = server.requests[-1]
    assert len(server.requests) == 3
    assert not {"logprobs", "seed", "max_tokens"} & set(again)
    assert again["max_completion_tokens"] > 0


def test_a_wrong_key_or_model_stops_at_once_and_never_shows_the_key(server: Server) -> None:
    with pytest.raises(ModelRefusedError, match="refuses the key") as caught:
        endpoint(server).answer([Prompt("wrong key")])
    assert KEY not in str(caught.value)
    assert "OPENAI_API_KEY" in str(caught.value)
    with pytest.raises(ModelRefusedError, match="does not know the model"):
        endpoint(server, model="no-such").answer([Prompt("fine")])
    assert len(server.requests) == 2


@pytest.mark.parametrize("around", ["", "\n", "\r\n", " "])
def test_white_space_around_the_key_is_no_part_of_it(
    server: Server, monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{around}{KEY}{around}")
    endpoint(server).answer([Prompt("fine")])
    assert server.keys == {f"Bearer {KEY}"}


@pytest.mark.parametrize("inside", ["\n", "\N{RIGHT SINGLE QUOTATION MARK}"])
def test_a_key_that_cannot_be_sent_stops_and_is_not_shown(
    server: Server, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}{inside}x")
    with pytest.raises(ModelRefusedError, match="OPENAI_API_KEY") as caught:
        endpoint(server).answer([Prompt("fine")])
    assert KEY not in str(caught.value)
    assert not server.requests


def test_nobody_there_stops_after_the_last_attempt() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = load_endpoint(f"openai:http://127.0.0.1:{port}/v1#x")
    with pytest.raises(ModelRefusedError, match="Nobody answers"):
        dataclasses.replace(model, attempts=2).answer([Prompt("fine")])


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("openai:", "Not an endpoint"),
        ("openai:localhost:8000#x", "Not an endpoint"),
        ("openai:http://host/v1", "Not an endpoint"),
        ("openai:http://user:pass@host/v1#x", "written into results"),
        ("openai:http://host/v1?key=x#x", "written into results"),
    ],
)
def test_specifications_that_are_no_endpoint(spec: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        load_endpoint(spec)
    assert "pass@" not in str(caught.value)


def test_retry_after_may_be_a_number_or_a_date() -> None:
    def said(value: str | None) -> float | None:
        headers = {"retry-after": value} if value is not None else {}
        error = ValueError()
        error.response = SimpleNamespace(headers=headers)  # type: ignore[attr-defined]
        return retry_after(error)

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30))
    assert said("7") == 7
    assert said(soon) == pytest.approx(30, abs=2)
    assert said("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert said("soon") is said("\u00b2") is said(None) is None


def audit(server: Server, out: Path, model: str) -> subprocess.CompletedProcess[str]:
    command = [
        "audit",
        "--model",
        f"openai:{server.url}#{model}",
        "--budget",
        "6",
        "--fail-under",
        "0",
        "--out",
        str(out),
    ]
    return subprocess.run(
        [sys.executable, "-m", "robustness", *command],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_an_audit_goes_on_over_faults_and_leaves_no_key_behind(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(server.RequestHandlerClass.BAD, "Levo", b"{")  # type: ignore[attr-defined]
    run = audit(server, tmp_path / "out", MODEL)
    assert run.returncode == 0, run.stderr
    results = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert results["model"]["kind"] == "endpoint"
    assert results["counts"]["pairs"] == 6
    for path in (tmp_path / "out").iterdir():
        assert KEY.encode() not in path.read_bytes()
    assert KEY not in run.stdout + run.stderr


def test_a_wrong_model_name_stops_an_audit_with_one_line(server: Server, tmp_path: Path) -> None:
    run = audit(server, tmp_path / "out", "no-such")
    assert run.returncode == 2
    preview, complaint = run.stderr.strip().splitlines()
    assert preview.startswith("6 pairs")
    assert "does not know the model" in complaint
