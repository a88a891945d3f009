"""Models behind an OpenAI-compatible endpoint: chat completions, or the older text completions.

A batch is asked with temperature 0 and a fixed seed, as many prompts at once as the server takes
(`robustness.models.endpoint.pacing`). What may pass (429, 5xx, a lost connection, two timeouts) is tried again,
after the time that the server asks for or with growing pauses, and takes no place while it waits;
what cannot pass (a refused key, an unknown model, nobody there) stops the audit; anything else is an error
of that one prompt. A bad request (400, 422) whose reply names the model can be either: it stops the audit
only where nothing was answered yet. The key comes from ``OPENAI_API_KEY`` alone; it is kept out of every message, and a URL
that holds a secret is refused, because specifications are written into results.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from robustness.errors import ModelError, ModelRefusedError
from robustness.models.capabilities import Capabilities
from robustness.models.endpoint.pacing import Gate, Pace
from robustness.models.endpoint.retrying import is_overload, is_unreachable, retrying
from robustness.models.language.generate import MAX_NEW_TOKENS
from robustness.models.prompting import (
    PLAIN_STOPS,
    WORDING,
    chosen,
    cut_at_stops,
    instruction,
    plain,
)
from robustness.models.protocol import Answer, all_answers, clean_text
from robustness.models.weight_files import require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from openai import APIStatusError, AsyncOpenAI

    from robustness.questions.prompt import Prompt

_AT_ONCE = Capabilities(prompts_at_once=256)
_SHORTEST_KEY = 8
"""A shorter one may be a word that answers hold anyway."""
KEY_VARIABLE = "OPENAI_API_KEY"
IN_HAND = 128
"""Prompts that were begun and have no answer yet: those under way, and those that wait for another attempt."""
SEED = 0
_OPTIONAL = {"logprobs": None, "seed": None, "max_tokens": "max_completion_tokens"}
"""Parameters that some servers refuse, and what they take instead."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model on a server."""

    spec: str
    """How the command line names it."""
    url: str
    """Base URL, up to and without ``/chat/completions`` or ``/completions``."""
    name: str
    """What the server calls the model."""
    chats: bool = True
    """Whether it is asked in turns of a chat, or with a text to go on from."""
    timeout: float = 60.0
    """Longest wait for one reply, in seconds."""
    attempts: int = 8
    """How often a prompt is sent at most."""
    longest_pause: float = 60.0
    """Longest wait between two attempts, in seconds; a server that asks for more gets no second one."""
    pace: Pace = field(default_factory=Pace, compare=False)
    """How many requests at once the server has taken so far."""
    refused: set[str] = field(default_factory=set, compare=False)
    """Parameters that the server turned out to refuse."""
    capabilities: Capabilities = _AT_ONCE
    """Enough prompts that one which is tried again and again seldom holds the others up."""
    kind: str = "endpoint"
    """Kind of model."""
    tokenizer_path: str | None = None
    """It stays with the server."""
    held_out_drugs: frozenset[str] | None = None
    """Nothing is known of its training."""

    @property
    def fingerprint(self) -> str:
        """URL, model and decoding; what the server does behind them cannot be seen."""
        parts = (self.url, self.name, self.chats, WORDING, MAX_NEW_TOKENS, SEED, "temperature 0")
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts, several at once.

        Raises:
            ModelRefusedError: The key or the name is wrong, or nobody is there.
            PartlyAnsweredError: Some prompts have no usable reply.
        """
        return all_answers(asyncio.run(self._ask_all(prompts)))

    async def _ask_all(self, prompts: Sequence[Prompt]) -> list[Answer | ModelError]:
        from openai import AsyncOpenAI

        gate, left = Gate(self.pace), enumerate(prompts)
        outcomes: dict[int, Answer | ModelError] = {}
        client = AsyncOpenAI(
            api_key=_key() or "none",
            base_url=self.url,
            timeout=self.timeout,
            max_retries=0,
        )

        async def ask(left: Iterator[tuple[int, Prompt]]) -> None:
            for number, prompt in left:
                outcomes[number] = await self._ask(client, gate, prompt)

        async with client:
            await asyncio.gather(*(ask(left) for _ in range(min(IN_HAND, len(prompts)))))
        doubt = next(
            (each for each in outcomes.values() if isinstance(each, _NamesModelError)), None
        )
        if doubt and not self.pace.successes:
            raise self._unknown(doubt.said) from doubt
        return [outcomes[number] for number in range(len(prompts))]

    async def _ask(self, client: AsyncOpenAI, gate: Gate, prompt: Prompt) -> Answer | ModelError:
        from openai import APIStatusError, OpenAIError

        try:
            async for attempt in retrying(
                attempts=self.attempts, longest=self.longest_pause, met=self.pace.successes > 0
            ):
                with attempt:
                    reply = await self._paced(client, gate, prompt)
            return self._answer(reply, prompt)
        except ModelError as error:
            if isinstance(error, ModelRefusedError):
                raise
            return error
        except APIStatusError as error:
            return self._status(error)
        except (OpenAIError, ValueError, RecursionError) as error:
            if is_unreachable(error):
                raise self._stop(
                    "Nobody answers at this address", "Is the server up? Check host and port."
                ) from error
            return ModelError(f"No usable reply ({_one_line(error)})", where=self.url)

    async def _paced(self, client: AsyncOpenAI, gate: Gate, prompt: Prompt) -> Any:
        """One request in its place, heard for what it says of the pace."""
        async with gate.place() as begun:
            try:
                reply = await self._send(client, prompt)
            except Exception as error:
                if is_overload(error):
                    self.pace.complained(begun=begun)
                raise
            self.pace.went_well()
            return reply

    async def _send(self, client: AsyncOpenAI, prompt: Prompt) -> Any:
        """One request; sent again without a parameter that the server refuses."""
        from openai import BadRequestError, UnprocessableEntityError

        common = {"model": self.name, "temperature": 0, "max_tokens": MAX_NEW_TOKENS, "seed": SEED}
        if self.chats:
            create: Any = client.chat.completions.create
            turn = {"role": "user", "content": instruction(prompt)}
            request = {**common, "messages": [turn], "logprobs": True}
        else:
            create = client.completions.create
            stop = list(PLAIN_STOPS)
            request = {**common, "prompt": plain(prompt), "stop": stop, "logprobs": 0}
        while True:
            for name in self.refused & set(request):
                value = request.pop(name)
                if instead := _OPTIONAL[name]:
                    request[instead] = value
            try:
                return await self._timed(create(**request))
            except (BadRequestError, UnprocessableEntityError) as error:
                named = {name for name in _OPTIONAL if name in error.message and name in request}
                if not named:
                    raise
                self.refused.update(named)

    async def _timed(self, request: Awaitable[Any]) -> Any:
        """The reply to a request; the client's own limit starts again with every byte that comes."""
        from openai import APITimeoutError

        try:
            async with asyncio.timeout(self.timeout):
                return await request
        except TimeoutError as error:
            import httpx2

            raise APITimeoutError(httpx2.Request("POST", self.url)) from error

    def _answer(self, reply: Any, prompt: Prompt) -> Answer:
        """What a reply says.

        Raises:
            ModelError: It holds no text.
        """
        choice = (getattr(reply, "choices", None) or [None])[0]
        message = getattr(choice, "message", None) if self.chats else choice
        said = getattr(message, "content" if self.chats else "text", None)
        said = getattr(message, "refusal", None) if said is None else said
        if not isinstance(said, str):
            raise ModelError("The reply holds no text", where=self.url)
        text = clean_text(_without_key(said if self.chats else cut_at_stops(said, PLAIN_STOPS)))
        score = _probability(getattr(choice, "logprobs", None))
        return Answer(chosen(text, prompt.options) if prompt.options else text, score)

    def _status(self, error: APIStatusError) -> ModelError:
        """What a status says: raised when no prompt can get an answer, else returned.

        Raises:
            ModelRefusedError: The key or the name is wrong.
        """
        said = _one_line(error)
        if error.status_code in (401, 403):
            raise self._stop(
                f"The endpoint refuses the key ({error.status_code})", f"Set {KEY_VARIABLE}."
            ) from error
        if error.status_code == 404:
            raise self._unknown(said) from error
        if error.status_code in (400, 422) and self.name in error.response.text:
            return _NamesModelError(said, self.url)
        return ModelError(f"The endpoint failed ({said})", where=self.url)

    def _unknown(self, said: str) -> ModelRefusedError:
        return self._stop(
            f"The endpoint does not know the model or the path ({said})",
            "Write openai:URL#MODEL, for example openai:http://127.0.0.1:8000/v1#my-model.",
        )

    def _stop(self, what: str, hint: str) -> ModelRefusedError:
        return ModelRefusedError(what, value=self.spec.partition(":")[2], hint=hint)


class _NamesModelError(ModelError):
    """A bad request whose reply names the model: the model is unknown, or this prompt was not to its liking.

    Args:
        said: What the reply says, as one line.
        url: Who said so.
    """

    def __init__(self, said: str, url: str) -> None:
        self.said = said
        super().__init__(f"The endpoint failed ({said})", where=url)


def load_endpoint(spec: str) -> Endpoint:
    """The endpoint of a specification such as ``openai:https://api.example.org/v1#my-model``.

    A URL that ends in ``/completions`` but not in ``/chat/completions`` is asked for text completions.

    Raises:
        ModelError: It is no URL with a model's name, or it holds a secret.
        MissingPackageError: The client is not installed.
    """
    url, _, name = spec.partition(":")[2].partition("#")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not name:
        raise ModelError("Not an endpoint", value=spec, hint="Write openai:URL#MODEL.")
    if parts.username or parts.password or parts.query:
        raise ModelError(
            "The URL holds a user, a password or a query, and it is written into results",
            hint=f"Put the key into {KEY_VARIABLE}, and leave the rest out.",
        )
    require("openai", extra="endpoint")
    require("tenacity", extra="endpoint")
    base = url.rstrip("/")
    chats = base.endswith("/chat/completions") or not base.endswith("/completions")
    return Endpoint(
        spec=spec,
        url=base.removesuffix("/completions").removesuffix("/chat"),
        name=name,
        chats=chats,
    )


def _probability(logprobs: Any) -> float | None:
    """Probability of the whole reply from the log-probabilities of its tokens, where they are given."""
    tokens = getattr(logprobs, "content", None)
    values = (
        [getattr(token, "logprob", None) for token in tokens]
        if isinstance(tokens, list)
        else getattr(logprobs, "token_logprobs", None)
    )
    if not isinstance(values, list) or not values:
        return None
    if not all(isinstance(each, int | float) and each <= 0 for each in values):
        return None
    return math.exp(sum(values))


def _without_key(text: str) -> str:
    """A reply in which the key is masked, should the server echo it: answers are stored and shown."""
    key = _key()
    return text.replace(key, "[key]") if key and len(key) >= _SHORTEST_KEY else text


def _key() -> str:
    """The key, without white space around it; empty where there is none.

    Raises:
        ModelRefusedError: It cannot be sent. The client would say so with the key in its message.
    """
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key.isascii() or not key.isprintable():
        raise ModelRefusedError(
            "The key holds a character that cannot be sent", hint=f"Set {KEY_VARIABLE} again."
        )
    return key


def _one_line(error: Exception) -> str:
    """What an error says, without the key, as the beginning of one line."""
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    response = getattr(error, "response", None)
    more = response.text if response is not None else error.__cause__
    if more is not None and str(more):
        text = f"{text}: {more}"
    key = _key()
    text = text.replace(key, "***") if key else text
    return " ".join(clean_text(text).split())[:160].rstrip(".")
