"""What an audit of any size costs: calls, tokens, time and money, from a few measured rates.

On paper: a pair needs one call for its misspelled question; the correct one is shared by all pairs of a
question. Calls divide among workers, the driver's own work (plan, store, verdicts, statistics) does not, so
there is a number of workers past which more do not help (Amdahl 1967). By simulation: workers take batches
as they come free, and some workers are lost. Nothing here asks a model.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from robustness.attribution.experiment import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Rates:
    """What is measured once for a model on a machine."""

    seconds_per_call: float
    """Of one worker, in full batches."""
    tokens_per_call: float
    """Of the prompt and its answer."""
    driver_seconds_per_pair: float
    """Of all that is done once, whatever the number of workers."""
    start_seconds: float = 0.0
    """To load the model, on all workers at once."""
    questions: int = 0
    """Distinct questions with correct names that the data have; 0 when no two pairs share one."""
    calls_per_batch: int = 32
    """Calls that a worker takes at once: fewer batches than workers leave some idle."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an audit costs."""

    pairs: int
    calls: int
    tokens: float
    seconds: float
    """From start to end."""
    worker_hours: float
    """Hours that are paid for, summed over workers."""
    money: float
    """In the currency of the prices."""


def calls_of(pairs: int, questions: int, *, repeats: int = 0, has_arms: bool = False) -> int:
    """Model calls of an audit, without its look-alike and invented cases, which do not grow with it.

    Args:
        pairs: Its pairs, dealt out to the questions in turn, as a plan does.
        questions: Distinct questions with correct names; 0 for one a pair.
        repeats: Questions that are asked twice, for the noise floor.
        has_arms: Whether the two control arms of attribution are asked as well.

    >>> calls_of(10_000, 1_500, repeats=100)
    11600
    """
    baselines = min(pairs, questions or pairs)
    arms = 2 * min(pairs, SAMPLE) if has_arms else 0
    return pairs + baselines + min(repeats, baselines) + arms


def predict(
    pairs: int,
    rates: Rates,
    *,
    workers: int = 1,
    price_per_hour: float = 0.0,
    price_per_million_tokens: float = 0.0,
    repeats: int = 0,
    has_arms: bool = False,
) -> Cost:
    """The cost of an audit, on paper.

    Args:
        pairs: Its size.
        rates: What was measured.
        workers: Copies of the model.
        price_per_hour: Of one worker.
        price_per_million_tokens: Of an endpoint.
        repeats: See `calls_of`.
        has_arms: See `calls_of`.

    >>> rates = Rates(0.01, 200, 0.001, questions=1_500)
    >>> round(predict(10_000, rates, workers=4).seconds, 2)
    38.8
    """
    calls = calls_of(pairs, rates.questions, repeats=repeats, has_arms=has_arms)
    rounds = math.ceil(math.ceil(calls / rates.calls_per_batch) / workers)
    asking = rates.seconds_per_call * min(calls, rounds * rates.calls_per_batch)
    seconds = rates.start_seconds + asking + pairs * rates.driver_seconds_per_pair
    tokens = calls * rates.tokens_per_call
    hours = workers * seconds / 3600
    money = hours * price_per_hour + tokens / 1e6 * price_per_million_tokens
    return Cost(pairs, calls, tokens, seconds, hours, money)


def useful_workers(rates: Rates, *, calls_per_pair: float = 1.0) -> float:
    """Workers at which the driver is as busy as they are: twice as many cannot save half the time."""
    if not rates.driver_seconds_per_pair:
        return math.inf
    return rates.seconds_per_call * calls_per_pair / rates.driver_seconds_per_pair


def simulate(
    batch_seconds: Iterable[float],
    *,
    workers: int,
    hours_between_losses: float = math.inf,
    restart_seconds: float = 0.0,
    seed: int = 0,
) -> float:
    """Seconds until the last batch has its answers, each given to the worker that is free first.

    Args:
        batch_seconds: What each batch takes, in the order they are given out.
        workers: How many work at once.
        hours_between_losses: Mean time until one worker is lost (exponential); its batch is computed again.
        restart_seconds: From the loss of a worker to its replacement's first batch.
        seed: Decides the losses.

    >>> simulate([1, 1, 1, 3], workers=2)
    4.0
    """
    random, mean = Random(seed), hours_between_losses * 3600
    free = [0.0] * workers
    for seconds in batch_seconds:
        begun = heapq.heappop(free)
        while (lost := _until_loss(random, mean)) < seconds:
            begun += lost + restart_seconds
        heapq.heappush(free, begun + seconds)
    return float(max(free))


def _until_loss(random: Random, mean: float) -> float:
    """Seconds; memoryless, so it may be drawn anew for every batch."""
    return math.inf if math.isinf(mean) else random.expovariate(1 / mean)
