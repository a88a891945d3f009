"""When a request to an endpoint is sent again, and after how long.

Knows statuses and pauses, nothing of what is asked. The pauses are those of tenacity: they grow, with
jitter, unless the server says how long to wait (``Retry-After``, RFC 9110).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

FIRST_PAUSE = 0.5
"""Seconds before the second attempt; doubled for each further one."""
FIRST_TRIES = 4
"""How often a server that nobody has met yet is called."""
TIMEOUTS = 3
"""How often one prompt may run into the time limit."""
_MAY_PASS = {408, 409, 425, 429}


def retrying(*, attempts: int, longest: float, met: bool = True) -> AsyncRetrying:
    """A loop over attempts that ends with the first success, or raises the last error.

    Args:
        attempts: How many there are at most.
        longest: Longest pause, in seconds. A server that asks for more is not asked again.
        met: Whether the server has ever answered; where nobody listens, only `FIRST_TRIES` are made, which
            takes about four seconds.
    """
    from openai import APITimeoutError
    from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential, wait_random

    growing = wait_exponential(multiplier=FIRST_PAUSE, max=longest) + wait_random(0, FIRST_PAUSE)

    def pause(state: RetryCallState) -> float:
        asked = retry_after(_error(state))
        return float(growing(state)) if asked is None else asked

    timeouts = unreachable = 0

    def again(state: RetryCallState) -> bool:
        nonlocal timeouts, unreachable
        error = _error(state)
        unreachable += error is not None and is_unreachable(error)
        if unreachable >= FIRST_TRIES and not met:
            return False
        timeouts += isinstance(error, APITimeoutError)
        return may_pass(error, longest=longest) and timeouts < TIMEOUTS

    return AsyncRetrying(stop=stop_after_attempt(attempts), wait=pause, retry=again, reraise=True)


def may_pass(error: BaseException | None, *, longest: float) -> bool:
    """Whether another attempt can help: a lost connection, a timeout, 408, 409, 425, 429 or 5xx."""
    from openai import APIConnectionError, APIStatusError

    if isinstance(error, APIConnectionError):
        return True
    if not isinstance(error, APIStatusError):
        return False
    passing = error.status_code in _MAY_PASS or error.status_code >= 500
    return passing and (retry_after(error) or 0) <= longest


def is_overload(error: BaseException) -> bool:
    """Whether a server may have been asked too much at once: a timeout, 429 or 5xx."""
    from openai import APIStatusError, APITimeoutError

    if isinstance(error, APIStatusError):
        return error.status_code == 429 or error.status_code >= 500
    return isinstance(error, APITimeoutError)


def retry_after(error: BaseException | None) -> float | None:
    """Seconds that a server asks to wait, from a number or a date; None where it does not say."""
    response = getattr(error, "response", None)
    said = response.headers.get("retry-after") if response is not None else None
    if not said:
        return None
    if said.isascii() and said.strip().isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None


def is_unreachable(error: BaseException) -> bool:
    """Whether there was no server to talk to: no such host, or nobody listens."""
    import httpx2

    return isinstance(error.__cause__, httpx2.ConnectError)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
