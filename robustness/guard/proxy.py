"""A guard in front of an OpenAI-compatible endpoint, as a small ASGI application.

It changes drug names in the messages of the user and nothing else; every other request, header and stream goes
through as it is. A response tells in the header ``X-Guard-Changes`` what was corrected. Where the last message of
the user names no drug clearly, the endpoint is not asked: the answer is a chat completion that asks back. Keys pass
through in their header; nothing is stored or logged here.
"""

from __future__ import annotations

import json
import time
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError, MissingPackageError
from robustness.guard.repair import Repair, Repairer, load_repairer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HEADER = "x-guard-changes"
"""Response header: JSON, a list of what was corrected or asked about."""
LONGEST_HEADER = 4_000
"""Characters of that header; further changes are left out of it."""
NOT_FORWARDED = frozenset(
    [
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
"""Headers of one connection, which a proxy must not pass on (RFC 9110, section 7.6.1)."""
METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """The body of a request after the guard."""

    body: dict[str, Any]
    repairs: tuple[Repair, ...]
    """What was done, text by text."""
    question: str
    """What to ask back in place of asking the endpoint; empty when all is clear."""

    @property
    def header(self) -> str:
        """All changes as JSON of ASCII characters."""
        shown: list[dict[str, Any]] = []
        for repair in self.repairs:
            for change in repair.changes:
                told = change.as_dict()
                one = {key: told[key] for key in ("action", "written", "replacement", "names")}
                if len(json.dumps([*shown, one])) <= LONGEST_HEADER:
                    shown.append(one)
        return json.dumps(shown)


def guarded_body(body: dict[str, Any], repairer: Repairer) -> Guarded:
    """Repair the messages of the user in the body of a chat completion, or the prompt of a completion.

    Args:
        body: The JSON of the request; it is not changed.
        repairer: What repairs.

    Returns:
        An equal body but for drug names. Earlier messages in which a drug is unclear stay as they are:
        the last one alone is asked about.
    """
    changed = json.loads(json.dumps(body))
    holders = list(_texts(changed))
    given = list(_strings(body.get("messages")))
    repairs, question = [], ""
    for holder, key, is_last in holders:
        context = "\n".join(text for text in given if text != holder[key])
        done = repairer.repair(holder[key], context=context)
        holder[key] = done.text
        repairs.append(done)
        if is_last and done.question and not question:
            question = done.question
    return Guarded(changed, tuple(repairs), question)


def guard_proxy(
    upstream: str, *, repairer: Repairer | None = None, timeout: float = 600.0
) -> Starlette:
    """The proxy as an ASGI application.

    Args:
        upstream: Base URL of the endpoint, for example ``http://localhost:8000/v1``.
        repairer: What repairs; the shipped one when not given.
        timeout: Seconds to wait for the endpoint.

    Raises:
        InputError: `upstream` is no http address.
        MissingPackageError: The extra ``guard-proxy`` is not installed.
    """
    if not upstream.startswith(("http://", "https://")):
        raise InputError("Not an http address", value=upstream, hint="Write http://HOST:PORT/v1.")
    try:
        import httpx2
        from starlette.applications import Starlette
        from starlette.concurrency import run_in_threadpool
        from starlette.routing import Route
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"The proxy needs the package {error.name}",
            hint="Install it: pip install 'medqa-robustness[guard-proxy]'",
        ) from error
    guard = repairer or load_repairer()
    # Neither the environment nor a .netrc may add anything to what the caller sends.
    client = httpx2.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
    client.headers.clear()

    async def handle(request: Request) -> Response:
        content = await request.body()
        found = await run_in_threadpool(_guarded, request, content, guard)
        if found is None:
            return await _forward(client, upstream, request, content, None)
        if found.question:
            return _asked_back(found)
        changed = any(one.changes for one in found.repairs)
        sent = json.dumps(found.body, ensure_ascii=False).encode() if changed else content
        return await _forward(client, upstream, request, sent, found)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(routes=[Route("/{path:path}", handle, methods=METHODS)], lifespan=lifespan)


def _texts(body: dict[str, Any]) -> Iterator[tuple[Any, Any, bool]]:
    """Where the user's texts stand: holder, key, and whether it belongs to the last message of the user."""
    if isinstance(body.get("prompt"), str):
        yield body, "prompt", True
    messages = body.get("messages")
    users = [
        message
        for message in (messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    for message in users:
        is_last = message is users[-1]
        content = message.get("content")
        if isinstance(content, str):
            yield message, "content", is_last
        for part in content if isinstance(content, list) else []:
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                yield part, "text", is_last


def _strings(messages: object) -> Iterator[str]:
    """All texts of all messages, whoever wrote them."""
    for message in messages if isinstance(messages, list) else []:
        content = message.get("content") if isinstance(message, dict) else None
        parts = content if isinstance(content, list) else [{"text": content}]
        for part in parts:
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                yield part["text"]


def _guarded(request: Request, content: bytes, guard: Repairer) -> Guarded | None:
    """The body after the guard; None for a request that is no completion or no JSON."""
    if request.method != "POST" or not request.url.path.endswith("/completions"):
        return None
    try:
        body = json.loads(content)
    except ValueError:
        return None  # the endpoint says what is wrong with it
    return guarded_body(body, guard) if isinstance(body, dict) else None


async def _forward(
    client: Any, upstream: str, request: Request, content: bytes, found: Guarded | None
) -> Response:
    """Ask the endpoint and pass on what it sends, as it comes."""
    import httpx2
    from starlette.background import BackgroundTask
    from starlette.responses import JSONResponse, StreamingResponse

    headers = [(k, v) for k, v in request.headers.items() if k not in NOT_FORWARDED]
    path = request.url.path.removeprefix("/v1") if upstream.rstrip("/").endswith("/v1") else ""
    url = upstream.rstrip("/") + (path or request.url.path)
    if request.url.query:
        url += f"?{request.url.query}"
    sent = client.build_request(request.method, url, headers=headers, content=content)
    try:
        answer = await client.send(sent, stream=True)
    except httpx2.HTTPError as error:
        told = {
            "message": f"The endpoint does not answer ({type(error).__name__}).",
            "type": "guard",
        }
        return JSONResponse({"error": told}, status_code=502)
    response = StreamingResponse(
        answer.aiter_raw(), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
    )
    # Raw headers, because a client may get the same one twice, and bytes as they came are still compressed.
    response.raw_headers = [
        (name.lower(), value)
        for name, value in answer.headers.raw
        if name.lower().decode("latin-1") not in NOT_FORWARDED - {"content-length"}
    ]
    if found is not None:
        response.headers[HEADER] = found.header
    return response


def _asked_back(found: Guarded) -> Response:
    """A completion that asks which drug is meant, in the form that was asked for."""
    from starlette.responses import JSONResponse, StreamingResponse

    is_chat = "messages" in found.body
    headers = {HEADER: found.header}
    if found.body.get("stream"):
        events = [
            _completion(found, is_chat=is_chat, part=True, finish=None),
            _completion(found, is_chat=is_chat, part=True, finish="stop"),
        ]
        lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"]
        return StreamingResponse(iter(lines), media_type="text/event-stream", headers=headers)
    return JSONResponse(
        _completion(found, is_chat=is_chat, part=False, finish="stop"), headers=headers
    )


def _completion(found: Guarded, *, is_chat: bool, part: bool, finish: str | None) -> dict[str, Any]:
    text = "" if part and finish else found.question
    choice: dict[str, Any] = {"index": 0, "finish_reason": finish, "logprobs": None}
    if is_chat:
        message = {"role": "assistant", "content": text} if text or not part else {}
        choice["delta" if part else "message"] = message
    else:
        choice["text"] = text
    kind = "chat.completion" if is_chat else "text_completion"
    answer = {
        "id": f"guard-{uuid.uuid4().hex}",
        "object": f"{kind}.chunk" if part and is_chat else kind,
        "created": int(time.time()),
        "model": str(found.body.get("model", "guard")),
        "choices": [choice],
    }
    if not part:
        answer["usage"] = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return answer
