"""The proxy attacked: no way around the guard, nothing of one client for another, nobody waits for who has gone."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import pytest

from robustness.guard.proxied_body import MOST_CHARACTERS
from robustness.guard.proxy import HEADER, MOST_BYTES
from tests.guard.test_proxy import CLEAR, UNCLEAR, proxied

if TYPE_CHECKING:
    from collections.abc import Iterator


class Upstream:
    """An endpoint that takes whatever it gets, and writes it down."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, list[str]], bytes]] = []
        self.wait = threading.Event()
        self.wait.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers: dict[str, list[str]] = {}
                for name, value in self.headers.items():
                    headers.setdefault(name.lower(), []).append(value)
                outer.seen.append((self.path, headers, body))
                if b"slow" in body:
                    outer.wait.wait(20)
                said = b"{}"
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Set-Cookie", "session=of-the-first")
                self.send_header("Proxy-Authenticate", "Basic")
                self.send_header("Connection", "X-Hop")
                self.send_header("X-Hop", "1")
                with suppress(OSError):  # whoever asked may have gone
                    self.end_headers()
                    self.wfile.write(said)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def texts(self) -> str:
        return b"\n".join(body for _, _, body in self.seen).decode("utf-8", "replace")


@contextmanager
def running() -> Iterator[tuple[Upstream, str]]:
    upstream = Upstream()
    try:
        with proxied(upstream.url) as url:
            yield upstream, url
    finally:
        upstream.wait.set()
        upstream.server.shutdown()
        upstream.server.server_close()


@pytest.fixture
def places() -> Iterator[tuple[Upstream, str]]:
    with running() as both:
        yield both


CHAT = {"model": "m", "messages": [{"role": "user", "content": CLEAR}]}


def test_no_cookie_of_one_client_reaches_another(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    for _ in range(3):
        answer = httpx2.post(f"{url}/chat/completions", json=CHAT)
        assert answer.headers["set-cookie"] == "session=of-the-first"
    assert all("cookie" not in headers for _, headers, _ in upstream.seen)


@pytest.mark.parametrize(
    "path",
    [
        "/chat/completions/",
        "/chat//completions",
        "/Chat/Completions",
        "/chat/complet%69ons",
        "/chat/completions?x=1",
        "/completions",
        "/responses",
        "/embeddings",
        "/whatever",
    ],
)
def test_no_path_is_a_way_around(places: tuple[Upstream, str], path: str) -> None:
    upstream, url = places
    assert httpx2.post(url + path, json=CHAT).status_code == 200
    assert "metfomin" not in upstream.texts()
    assert "metformin" in upstream.texts()


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": CLEAR},
        {"prompt": [CLEAR]},
        {"prompt": ["What for?", CLEAR]},
        {"input": CLEAR},
        {"input": [CLEAR]},
        {"input": [{"role": "user", "content": CLEAR}]},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": CLEAR}]}]},
        {"messages": [{"role": "User", "content": CLEAR}]},
        {"messages": [{"role": " USER ", "content": CLEAR}]},
        {"messages": [{"content": CLEAR}]},
        {"messages": [{"role": "user", "content": [CLEAR]}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": CLEAR}]}]},
        {"messages": [CLEAR]},
    ],
    ids=str,
)
def test_no_form_of_the_body_is_a_way_around(
    places: tuple[Upstream, str], body: dict[str, Any]
) -> None:
    upstream, url = places
    answer = httpx2.post(f"{url}/chat/completions", json={"model": "m", **body})
    assert answer.status_code == 200
    assert json.loads(answer.headers[HEADER])[0]["written"] == "metfomin"
    assert "metfomin" not in upstream.texts()


PLAIN = json.dumps(CHAT).encode()


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (gzip.compress(PLAIN, mtime=0), {"content-encoding": "gzip"}),
        (PLAIN, {"content-encoding": "br"}),
        (json.dumps(CHAT).encode("utf-16"), {}),
        (b"\xef\xbb\xbf" + PLAIN, {}),
        (PLAIN[:-1] + b",}", {}),
        (b"// comment\n" + PLAIN, {}),
        (PLAIN[:-1] + b', "messages": []}', {}),
        (b"[" + PLAIN + b"]", {}),
        (b'{"model":"m","prompt":[1,2,3]}', {}),
        (b'{"model":"m","input":[[1,2],[3]]}', {}),
        (b'{"messages":' + b"[" * 5000 + b"]" * 5000 + b"}", {}),
        (b'{"temperature": NaN}', {}),
        (b"prompt=What+is+metfomin", {"content-type": "application/x-www-form-urlencoded"}),
    ],
    ids=[
        *(
            "gzip",
            "br",
            "utf-16",
            "bom",
            "comma",
            "comment",
            "twice",
            "list",
            "tokens",
            "token lists",
        ),
        *("deep", "constant", "form"),
    ],
)
def test_what_cannot_be_read_surely_is_refused(
    places: tuple[Upstream, str], content: bytes, headers: dict[str, str]
) -> None:
    upstream, url = places
    answer = httpx2.post(f"{url}/chat/completions", content=content, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "guard"
    assert upstream.seen == []


def test_large_bodies_and_many_words_are_refused(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    many = {"messages": [{"role": "user", "content": "a " * (MOST_CHARACTERS // 2 + 1)}]}
    assert httpx2.post(f"{url}/chat/completions", json=many).status_code == 413
    large = httpx2.post(f"{url}/chat/completions", content=b" " * (MOST_BYTES + 1))
    assert large.status_code == 413
    assert upstream.seen == []


@pytest.mark.parametrize(
    "path",
    ["/v1/../admin", "/v1/..%2f..%2fadmin", "/v1/%2e%2e/admin", "/v1/a%00b", "/v1/..\\admin"],
)
def test_no_path_leaves_the_base_url(places: tuple[Upstream, str], path: str) -> None:
    upstream, url = places
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", path)
    assert connection.getresponse().status == 400
    connection.close()
    assert upstream.seen == []


def test_paths_and_headers_pass_as_they_came(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers: dict[str, str | bytes] = {
        "X-Title": b"caf\xc3\xa9",
        "Proxy-Authorization": "Basic secret",
        "Connection": "X-Private",
        "X-Private": "1",
    }
    connection.request("GET", "/v1/files/100%25%E9", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    path, seen, _ = upstream.seen[-1]
    assert path == "/v1/files/100%25%E9"
    assert seen["x-title"] == ["caf\u00c3\u00a9"]
    assert not {"proxy-authorization", "x-private"} & seen.keys()
    names = {name.lower() for name, _ in answer.getheaders()}
    assert not {"proxy-authenticate", "x-hop"} & names
    connection.close()


def test_numbers_survive_a_rewrite_and_surrogates_do_no_harm(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    numbers = "[1e400, 1.0, 1, 12345678901234567890123, 0.10000000000000000555, -0.0]"
    text = CLEAR + " \\ud800"
    body = f'{{"n": {numbers}, "messages": [{{"role": "user", "content": "{text}"}}]}}'
    assert httpx2.post(f"{url}/chat/completions", content=body.encode()).status_code == 200
    sent = upstream.seen[-1][2].decode()
    assert numbers in sent
    assert "metformin" in sent


def test_responses_are_asked_back_in_their_own_form(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    answer = httpx2.post(f"{url}/responses", json={"model": "m", "input": UNCLEAR}).json()
    assert answer["output"][0]["content"][0]["text"].startswith("Did you mean")
    assert upstream.seen == []


def test_nobody_waits_for_requests_that_were_abandoned(places: tuple[Upstream, str]) -> None:
    upstream, url = places
    upstream.wait.clear()
    slow = {"model": "slow", "messages": [{"role": "user", "content": "slow"}]}

    async def abandon(client: httpx2.AsyncClient) -> None:
        try:
            await client.post(f"{url}/chat/completions", json=slow, timeout=0.5)
        except httpx2.TimeoutException:
            return

    async def attack() -> list[int]:
        unlimited = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(limits=unlimited) as client:
            for _ in range(6):
                await asyncio.gather(*(abandon(client) for _ in range(100)))
            asked = (
                client.post(f"{url}/chat/completions", json=CHAT, timeout=60) for _ in range(200)
            )
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert asyncio.run(attack()) == [200] * 200
