"""A small real HTTP server on the loopback address that answers as an endpoint does, or misbehaves."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = "small-model"


class Server(ThreadingHTTPServer):
    """What a question holds says how it is answered: see `Handler.do_POST`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.keys: set[str] = set()
        self.times: list[float] = []
        self.under_way = self.most_under_way = 0
        self.lock = threading.Lock()
        self.two = threading.Barrier(2, timeout=30)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def times_asked(self, word: str) -> int:
        return sum(word in json.dumps(body) for _, body in self.requests)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    BAD: ClassVar[dict[str, bytes]] = {
        "half a json": b'{"choices": [{"message": {"content": "ta',
        "invalid utf-8": b'{"choices": [{"message": {"content": "\xff\xfe"}}]}',
        "empty body": b"",
        "no choices": b'{"choices": []}',
        "a list": b"[1, 2]",
        "null content": b'{"choices": [{"message": {"content": null}}]}',
        "nested": b'{"choices": ' + b"[" * 100_000,
    }

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.requests.append((self.path, body))
            self.server.keys.add(self.headers["authorization"])
            self.server.times.append(time.monotonic())
            self.server.under_way += 1
            self.server.most_under_way = max(self.server.most_under_way, self.server.under_way)
        if "together" in json.dumps(body):
            self.server.two.wait()  # for another request that is under way
        try:
            self.reply(body)
        finally:
            with self.server.lock:
                self.server.under_way -= 1

    def reply(self, body: dict[str, Any]) -> None:
        question = body["prompt"] if "prompt" in body else body["messages"][0]["content"]
        asked = self.server.times_asked(json.dumps(question)[1:-1])
        if body["model"] != MODEL:
            self.fail(404, f"The model {body['model']!r} does not exist")
        elif "wrong key" in question:
            self.fail(401, f"Incorrect API key provided: {self.headers['authorization']}")
        elif "refuses parameters" in question and {"logprobs", "seed", "max_tokens"} & set(body):
            self.fail(400, "Unsupported parameters: logprobs, seed, max_tokens")
        elif "busy" in question and asked < 2:
            self.fail(429, "Too many requests", {"retry-after": "1"})
        elif "always busy" in question:
            self.fail(429, "Too many requests", {"retry-after": "9999"})
        elif "broken" in question and ("forever" in question or asked < 3):
            self.fail(500, "Oh no")
        elif "names the model" in question:
            self.fail(400, f"{MODEL}: the prompt is too long")
        elif not self.broken(question):
            bad = next((text for name, text in self.BAD.items() if name in question), None)
            self.send(200, self.good(body, question) if bad is None else bad)

    def broken(self, question: str) -> bool:
        """Leave a question without a whole reply, where it says so; returns whether that was done."""
        if "reset" in question:
            self.close_connection = True
            self.connection.close()
        elif "hang" in question:
            time.sleep(3)
        elif "cut off" in question:
            self.begin(b'{"choices"')
        elif "drip" in question:
            self.begin(b"")
            with contextlib.suppress(ConnectionError):
                for _ in range(60):  # another byte comes before anybody loses patience
                    self.wfile.write(b" ")
                    time.sleep(0.3)
        else:
            return False
        return True

    def begin(self, body: bytes) -> None:
        """The beginning of a reply whose end does not come."""
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def good(self, body: dict[str, Any], question: str) -> bytes:
        text = f"re: {question}"
        if "ten megabytes" in question:
            text = "x" * 10_000_000
        elif "echo the key" in question:
            text = f"You sent {self.headers['authorization']}."
        elif "empty content" in question:
            text = ""
        elif "surrogate" in question:
            text = chr(0xD800)
        elif "Answer with the letter" in question:
            text = "B."
        tokens = [{"token": "a", "logprob": -0.5}, {"token": "b", "logprob": -0.25}]
        choice: dict[str, Any] = {"message": {"role": "assistant", "content": text}}
        if "prompt" in body:
            choice = {"text": text, "logprobs": {"token_logprobs": [-0.5, -0.25]}}
        elif body.get("logprobs"):
            choice["logprobs"] = {"content": tokens}
        return json.dumps({"choices": [choice]}).encode()

    def fail(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps({"error": {"message": message}}).encode(), headers)

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
