"""What the proxy does to the body of a request: finds the texts of the user, whatever form they have, and repairs them.

Every form in which an OpenAI-compatible endpoint takes a question is guarded: ``messages``, ``prompt`` and ``input``,
as a text, a list of texts or parts. What cannot be read surely is refused, never passed on, since an endpoint that
reads it more kindly would get it unguarded. This module knows nothing of HTTP.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.guard.repair import Repair, Repairer

LONGEST_HEADER = 4_000
"""Characters of the header that tells what was changed; further changes are left out of it."""
MOST_CHARACTERS = 100_000
"""Of the user's texts in one request: some 15,000 words, which take about two seconds."""
_NOT_THE_USER = ("assistant", "system", "developer", "tool", "function")


class RefusedRequestError(InputError):
    """A request that cannot be guarded."""

    status = 400
    """Of the reply, RFC 9110."""


class TooLargeError(RefusedRequestError):
    """A request that is too much to guard."""

    status = 413


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


class ExactJSON:
    """Reads and writes JSON whose numbers stay as they were written.

    Numbers become marked texts; the mark is drawn anew for every request, so that no client can write one.
    """

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._number = re.compile(f'"{self._mark}:([^"]*)"')

    def read(self, content: bytes) -> Any:
        """The value of a JSON text.

        Raises:
            RefusedRequestError: It is none, is nested too deeply, or a key comes twice.
        """
        try:
            return json.loads(
                content.decode("utf-8"),
                parse_int=self._marked,
                parse_float=self._marked,
                parse_constant=_no_constant,
                object_pairs_hook=_once,
            )
        except RecursionError as error:
            raise RefusedRequestError("The body is nested too deeply") from error
        except ValueError as error:
            raise RefusedRequestError("The body is no JSON in UTF-8") from error

    def write(self, value: Any) -> bytes:
        """The text of a value, in ASCII."""
        return self._number.sub(r"\1", json.dumps(value)).encode("ascii")

    def _marked(self, digits: str) -> str:
        return f"{self._mark}:{digits}"

    def is_number(self, value: object) -> bool:
        """Whether a value that was read is a number."""
        return isinstance(value, str) and value.startswith(f"{self._mark}:")


def guarded_body(
    body: dict[str, Any], repairer: Repairer, *, exact: ExactJSON | None = None
) -> Guarded:
    """Repair the user's texts in the body of a request.

    Args:
        body: The JSON of the request; it is not changed.
        repairer: What repairs.
        exact: What read it, where numbers are marked.

    Returns:
        An equal body but for drug names. Earlier messages in which a drug is unclear stay as they are:
        the last one alone is asked about.

    Raises:
        RefusedRequestError: It holds tokens in place of texts, or more text than is guarded at once.
    """
    changed = json.loads(json.dumps(body))
    _refuse_tokens(changed, exact)
    holders = list(_texts(changed))
    if sum(len(holder[key]) for holder, key, _ in holders) > MOST_CHARACTERS:
        raise TooLargeError(f"The texts hold more than {MOST_CHARACTERS:,} characters")
    given = [*_strings(changed)]
    repairs: list[Repair] = []
    done: dict[tuple[str, str], Repair] = {}
    question = ""
    for holder, key, is_last in holders:
        text = holder[key]
        context = "\n".join(other for other in given if other != text)[:MOST_CHARACTERS]
        if (text, context) not in done:
            done[text, context] = repairer.repair(text, context=context)
        found = done[text, context]
        holder[key] = found.text
        repairs.append(found)
        if is_last and found.question and not question:
            question = found.question
    return Guarded(changed, tuple(repairs), question)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RefusedRequestError("A key comes twice in the body")
    return found


def _texts(body: dict[str, Any]) -> Iterator[tuple[Any, Any, bool]]:
    """Where the user's texts stand: holder, key, and whether it belongs to the last message of the user."""
    yield from _items(body, "prompt", is_last=True)
    for name in ("messages", "input"):
        value = body.get(name)
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from _of_messages(value)
        else:
            yield from _items(body, name, is_last=True)


def _of_messages(messages: list[Any]) -> Iterator[tuple[Any, Any, bool]]:
    users = [one for one in messages if isinstance(one, dict) and _is_users(one)]
    for message in users:
        for key in ("content", "text"):
            yield from _items(message, key, is_last=message is users[-1])
    for number, one in enumerate(messages):
        if isinstance(one, str):
            yield messages, number, number == len(messages) - 1


def _is_users(message: dict[str, Any]) -> bool:
    return str(message.get("role", "user")).strip().lower() not in _NOT_THE_USER


def _items(holder: Any, key: Any, *, is_last: bool) -> Iterator[tuple[Any, Any, bool]]:
    """A text, or the texts and parts of a list, at any depth that a body may have."""
    value = holder[key] if isinstance(holder, list) else holder.get(key)
    if isinstance(value, str):
        yield holder, key, is_last
    for number, one in enumerate(value if isinstance(value, list) else []):
        if isinstance(one, dict):
            yield from _items(one, "text", is_last=is_last)
        else:
            yield from _items(value, number, is_last=is_last)


def _refuse_tokens(body: dict[str, Any], exact: ExactJSON | None) -> None:
    for name in ("prompt", "input"):
        if any(_is_number(one, exact) for one in _leaves(body.get(name))):
            raise RefusedRequestError(f"{name!r} holds token ids, which cannot be guarded")


def _is_number(value: object, exact: ExactJSON | None) -> bool:
    return isinstance(value, int | float) or (exact is not None and exact.is_number(value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif not isinstance(value, dict):
        yield value


def _strings(body: dict[str, Any]) -> Iterator[str]:
    """All texts of all messages, whoever wrote them."""
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            for holder, key, _ in _items(message, "content", is_last=False):
                yield holder[key]
