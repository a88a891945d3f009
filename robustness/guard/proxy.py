"""A guard in front of an OpenAI-compatible endpoint, as a small ASGI application.

It changes drug names in the texts of the user and nothing else. A response tells in the header ``X-Guard-Changes``
what was corrected. Where the last message of the user names no drug clearly, the endpoint is not asked: the answer
asks back. Every request that carries a body is read, whatever its path, and what cannot be read surely is refused, so
that there is no way around. Keys pass through in their header; nothing is stored or logged here, and nothing of one
client reaches another.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from robustness.errors import InputError, MissingPackageError
from robustness.guard.asking_back import asked_back
from robustness.guard.proxied_body import (
    ExactJSON,
    Guarded,
    RefusedRequestError,
    TooLargeError,
    guarded_body,
)
from robustness.guard.repair import Repairer, load_repairer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    Headers = list[tuple[bytes, bytes]]

HEADER = "x-guard-changes"
"""Response header: JSON, a list of what was corrected or asked about."""
MOST_BYTES = 1_000_000
"""Of the body of a request."""
AT_ONCE = 2
"""Requests that are guarded at the same time; others wait, and none blocks those that only pass."""
_OF_ONE_CONNECTION = frozenset(
    (
        b"connection",
        b"content-length",
        b"host",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
"""Headers of one connection, which a proxy must not pass on (RFC 9110, section 7.6.1)."""
METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]


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
        from anyio import CapacityLimiter, to_thread
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"The proxy needs the package {error.name}",
            hint="Install it: pip install 'medqa-robustness[guard-proxy]'",
        ) from error
    guard = repairer or load_repairer()
    # Neither the environment nor a .netrc may add anything to what the caller sends.
    client = httpx2.AsyncClient(
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
    )
    client.headers.clear()
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))  # of nobody's
    working = CapacityLimiter(AT_ONCE)

    async def handle(request: Request) -> Response:
        try:
            url = _target(upstream, request)
            content = await _content(request)
            if not content:
                return await _forward(client, url, request, content, None)
            exact = ExactJSON()
            body = _readable(request, content, exact)
            work = partial(guarded_body, body, guard, exact=exact)
            found = await to_thread.run_sync(work, limiter=working)
        except RefusedRequestError as error:
            return _refusal(error)
        if found.question and "embed" not in request.url.path.lower():
            return asked_back(found, {HEADER: found.header})
        changed = any(one.changes for one in found.repairs)
        return await _forward(
            client, url, request, exact.write(found.body) if changed else content, found
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(routes=[Route("/{path:path}", handle, methods=METHODS)], lifespan=lifespan)


def _target(upstream: str, request: Request) -> str:
    """Where a request goes: its path as it was written, below the base URL and never beside it."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.split(b"?")[0].decode("ascii", "replace")
    plain = unquote(unquote(path, errors="replace"), errors="replace")
    if any(part in {".", ".."} for part in plain.replace("\\", "/").split("/")) or "\0" in plain:
        raise RefusedRequestError("The path leaves the base URL or holds what no path may hold")
    base = upstream.rstrip("/")
    if base.endswith("/v1"):
        path = path.removeprefix("/v1")
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    return base + path + (f"?{query}" if query else "")


async def _content(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise TooLargeError(f"The body is larger than {MOST_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _readable(request: Request, content: bytes, exact: ExactJSON) -> dict[str, Any]:
    """The JSON of a body, which is read as it came or not at all."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise RefusedRequestError("A compressed body cannot be guarded")
    body = exact.read(content)
    if not isinstance(body, dict):
        raise RefusedRequestError("The body is no JSON object")
    return body


def _refusal(error: RefusedRequestError) -> Response:
    from starlette.responses import JSONResponse

    told = {"message": f"{error.what}; the guard did not pass it on.", "type": "guard"}
    return JSONResponse({"error": told}, status_code=error.status)


def _passed(headers: Headers) -> Headers:
    """Headers without those of one connection and those that ``Connection`` names."""
    named = {
        word.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for word in value.split(b",")
    }
    dropped = _OF_ONE_CONNECTION | named
    return [(name.lower(), value) for name, value in headers if name.lower() not in dropped]


async def _forward(
    client: Any, url: str, request: Request, content: bytes, found: Guarded | None
) -> Response:
    """Ask the endpoint and pass on what it sends, as it comes; let go of it as soon as the client has gone."""
    import httpx2
    from starlette.background import BackgroundTask
    from starlette.responses import JSONResponse, Response, StreamingResponse

    headers = _passed(request.headers.raw)
    sent = client.build_request(request.method, url, headers=headers, content=content)
    try:
        answer = await _unless_gone(request, client.send(sent, stream=True))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        told = {
            "message": f"The endpoint does not answer ({type(error).__name__}).",
            "type": "guard",
        }
        return JSONResponse({"error": told}, status_code=502)
    if answer is None:
        return Response(status_code=499)  # nobody is there to read it
    response = StreamingResponse(
        answer.aiter_raw(), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
    )
    # Raw headers, because a client may get the same one twice, and bytes as they came are still compressed.
    length = [(n.lower(), v) for n, v in answer.headers.raw if n.lower() == b"content-length"]
    response.raw_headers = _passed(answer.headers.raw) + length
    if found is not None:
        response.headers[HEADER] = found.header
    return response


async def _unless_gone(request: Request, sending: Any) -> Any:
    """What a coroutine returns, or None where the client left before it did; it is cancelled then."""
    import httpx2
    from anyio import create_task_group

    answer = failed = None
    async with create_task_group() as group:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(watch)
        try:
            answer = await sending
        except httpx2.HTTPError as error:
            failed = error  # raised below, not as one of a group
        group.cancel_scope.cancel()
    if failed is not None:
        raise failed
    return answer
