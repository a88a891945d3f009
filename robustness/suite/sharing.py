"""Share the asking of a model among the workers of pytest-xdist: each group of prompts is asked by one.

A worker locks a group, asks it and puts the answers into the store that all of them read; the others take it
from there. Groups are those of a single process, so answers are the same to the last bit. The lock is the
operating system's and ends with its process, so the claim of a worker that dies is free at once.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from robustness.properties.subject import ask_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from robustness.answers.store import Store
    from robustness.models import Answer, Prompt, QAModel
    from robustness.properties.subject import Emit

GROUP = 32
"""Prompts that are claimed at once."""
_PAUSE = 0.02
"""Seconds between looks at what the others have done."""


class GroupedAsker:
    """Asks group by group; of groups that are shared, only those that no other worker asks.

    Args:
        folder: Where claims are kept, one folder for all workers of a session; None for one process.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def __call__(
        self, model: QAModel, prompts: list[Prompt], store: Store | None, emit: Emit, turn: int
    ) -> dict[Prompt, Answer]:
        """The answers to prompts; `turn` tells first answers from second ones."""
        answers: dict[Prompt, Answer] = {}
        left = groups(prompts)
        while left:
            later: list[list[Prompt]] = []
            for group in left:
                with self._claimed(group, turn) as mine:
                    if mine:
                        answers |= ask_here(model, group, store, emit, turn)
                    else:
                        later.append(group)
            if len(later) == len(left):
                time.sleep(_PAUSE)
            left = later
        return answers

    @contextmanager
    def _claimed(self, group: Sequence[Prompt], turn: int) -> Iterator[bool]:
        """Whether a group is this worker's to ask; the claim ends with the block, or with the process."""
        if self._folder is None:
            yield True
            return
        text = "\n".join([str(turn), *(prompt.key for prompt in group)])
        lock = FileLock(self._folder / hashlib.sha256(text.encode()).hexdigest())
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


def groups(prompts: Sequence[Prompt]) -> list[list[Prompt]]:
    """Distinct prompts sorted by length and cut into groups, the same for the same prompts."""
    ordered = sorted(set(prompts), key=lambda p: (len(p.question) + len(p.context), p.key))
    return [ordered[i : i + GROUP] for i in range(0, len(ordered), GROUP)]
