"""The proxy over real HTTP: a real endpoint, the proxy under uvicorn, and clients that know of neither."""

from __future__ import annotations

import gzip
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
import uvicorn

from robustness.errors import InputError
from robustness.guard.proxied_body import guarded_body
from robustness.guard.proxy import HEADER, guard_proxy
from robustness.guard.repair import load_repairer
from robustness.verdicts import abstains
from tests.models.endpoint.server import MODEL, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CLEAR = "What is metfomin used for?"
UNCLEAR = "What is hydroxlazine used for?"


@contextmanager
def proxied(upstream: str) -> Iterator[str]:
    """The proxy in front of an endpoint; gives its base URL."""
    config = uvicorn.Config(
        guard_proxy(upstream, timeout=10), port=0, log_level="warning", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[Server, str]]:
    with serving() as server, proxied(server.url) as url:
        yield server, url


def ask(url: str, question: Any, **more: Any) -> httpx2.Response:
    body = {"model": MODEL, "messages": [{"role": "user", "content": question}], **more}
    headers = {"authorization": "Bearer sk-of-the-caller"}
    return httpx2.post(f"{url}/chat/completions", json=body, headers=headers, timeout=20)


def test_a_name_is_corrected_and_nothing_else_changes(places: tuple[Server, str]) -> None:
    server, url = places
    response = ask(url, CLEAR, temperature=0.25, user="ünchanged metfomin")
    assert response.json()["choices"][0]["message"]["content"] == "re: What is metformin used for?"
    path, body = server.requests[-1]
    assert path == "/v1/chat/completions"
    assert body["temperature"] == 0.25
    assert body["user"] == "ünchanged metfomin"
    change = json.loads(response.headers[HEADER])[0]
    assert (change["action"], change["written"]) == ("corrected", "metfomin")
    assert change["replacement"] == "metformin"


def test_the_key_is_passed_on_and_kept_nowhere(places: tuple[Server, str]) -> None:
    server, url = places
    response = ask(url, CLEAR)
    assert server.keys == {"Bearer sk-of-the-caller"}
    assert "sk-of-the-caller" not in str(response.headers) + response.text


def test_an_unclear_name_is_asked_back_without_the_endpoint(places: tuple[Server, str]) -> None:
    server, url = places
    before = len(server.requests)
    client = openai.OpenAI(base_url=url, api_key="x")
    said = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": UNCLEAR}]
    )
    text = said.choices[0].message.content or ""
    assert text.startswith("Did you mean hydroxyzine or hydralazine?")
    assert abstains(text)
    assert said.choices[0].finish_reason == "stop"
    streamed = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": UNCLEAR}], stream=True
    )
    pieces = [chunk.choices[0].delta.content or "" for chunk in streamed]
    assert "".join(pieces) == text
    assert len(server.requests) == before


def test_errors_of_the_endpoint_and_other_paths_pass_through(places: tuple[Server, str]) -> None:
    server, url = places
    wrong = ask(url, "wrong key")
    assert wrong.status_code == 401
    assert "Incorrect API key" in wrong.text
    other = httpx2.post(f"{url}/embeddings", json={"model": "none", "prompt": CLEAR}, timeout=20)
    assert other.status_code == 404
    assert json.loads(other.headers[HEADER])[0]["written"] == "metfomin"  # whatever the path
    repaired = {"model": "none", "prompt": "What is metformin used for?"}
    assert server.requests[-1] == ("/v1/embeddings", repaired)


def test_an_endpoint_that_is_not_there_is_a_bad_gateway() -> None:
    with serving() as server:
        gone = server.url
    with proxied(gone) as url:
        response = ask(url, CLEAR)
    assert response.status_code == 502
    assert "does not answer" in response.json()["error"]["message"]


class Streaming(BaseHTTPRequestHandler):
    """Sends one event, waits until the test has seen it, then the rest; compresses when asked to."""

    protocol_version = "HTTP/1.1"
    seen = threading.Event()

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if "gzip" in self.headers.get("accept-encoding", ""):
            whole = gzip.compress(b'{"compressed": true}')
            self.send_response(200)
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(b"data: one\n\n")
        assert self.seen.wait(20)
        self.wfile.write(b"data: two\n\n")
        self.close_connection = True


@pytest.fixture
def streaming() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Streaming)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with proxied(f"http://127.0.0.1:{server.server_address[1]}") as url:
        yield url
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_stream_passes_as_it_comes(streaming: str) -> None:
    body = {"stream": True, "messages": [{"role": "user", "content": CLEAR}]}
    headers = {"accept-encoding": "identity"}
    with httpx2.stream(
        "POST", f"{streaming}/chat/completions", json=body, headers=headers, timeout=20
    ) as response:
        assert HEADER in response.headers
        pieces = response.iter_raw()
        assert next(pieces) == b"data: one\n\n"
        Streaming.seen.set()  # the second event is sent only now: nothing waited for the end
        assert b"".join(pieces) == b"data: two\n\n"


def test_compressed_answers_stay_compressed(streaming: str) -> None:
    response = httpx2.post(f"{streaming}/chat/completions", json={"messages": []}, timeout=20)
    assert response.headers["content-encoding"] == "gzip"
    assert response.json() == {"compressed": True}


def test_texts_in_parts_are_repaired_and_other_roles_are_not() -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.org/metfomin.png"}}
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You know metfomin."},
        {"role": "user", "content": [{"type": "text", "text": CLEAR}, image]},
    ]
    body = {"messages": messages}
    done = guarded_body(body, load_repairer())
    assert done.body["messages"][0] == messages[0]
    assert done.body["messages"][1]["content"][0]["text"] == "What is metformin used for?"
    assert done.body["messages"][1]["content"][1] == image
    assert messages[1]["content"][0] == {"type": "text", "text": CLEAR}


def test_only_the_last_message_is_asked_about() -> None:
    earlier = [{"role": "user", "content": UNCLEAR}, {"role": "assistant", "content": "Which?"}]
    body = {"messages": [*earlier, {"role": "user", "content": "I mean hydralazine."}]}
    done = guarded_body(body, load_repairer())
    assert not done.question
    assert done.body == body


@pytest.mark.parametrize("body", [{}, {"messages": 3}, {"messages": [4, {"role": "user"}]}])
def test_bodies_that_make_no_sense_stay_as_they_are(body: dict[str, Any]) -> None:
    assert guarded_body(body, load_repairer()).body == body


def test_an_upstream_must_be_an_address() -> None:
    with pytest.raises(InputError, match="Not an http address"):
        guard_proxy("localhost:8000")
