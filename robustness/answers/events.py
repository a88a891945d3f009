"""What happens during an audit. The runner emits these; progress bar and store listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robustness.models import Answer, Prompt


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan stands. Emitted before anything is asked, and again when an early stop has changed it."""

    pairs: int
    prompts: int
    """Distinct prompts of the pairs and of all that is asked in addition to them."""


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """A batch of prompts has its answers."""

    prompts: tuple[Prompt, ...]
    answers: tuple[Answer, ...]
    seconds: float
    """Time in the model; 0 for answers that were in the store."""
    from_store: bool
    key: str = ""
    """Names the whole batch where answers depend on it to the last bit, see `robustness.answers.batches`."""


@dataclass(frozen=True, slots=True)
class Setback:
    """Something went wrong that the audit goes on without, in one line."""

    message: str


Event = Planned | BatchAnswered | Setback
Listener = Callable[[Event], None]
