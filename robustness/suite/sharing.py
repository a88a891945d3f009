"""Share the asking of a model among the workers of pytest-xdist: each group of prompts is asked by one.

A worker claims a group with a file, asks it and puts the answers into the store that all of them read; the
others take it from there. Groups are those of a single process, so answers are the same to the last bit. The
claim of a worker that is gone is taken over.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from robustness.properties.subject import ask_here

if TYPE_CHECKING:
    from collections.abc import Sequence
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
                claim = self._claim(group, turn)
                if claim is None or _may_ask(claim):
                    answers |= ask_here(model, group, store, emit, turn)
                    if claim:
                        claim.with_suffix(".done").touch()
                else:
                    later.append(group)
            if len(later) == len(left):
                time.sleep(_PAUSE)
            left = later
        return answers

    def _claim(self, group: Sequence[Prompt], turn: int) -> Path | None:
        if self._folder is None:
            return None
        text = "\n".join([str(turn), *(prompt.key for prompt in group)])
        return self._folder / hashlib.sha256(text.encode()).hexdigest()


def groups(prompts: Sequence[Prompt]) -> list[list[Prompt]]:
    """Distinct prompts sorted by length and cut into groups, the same for the same prompts."""
    ordered = sorted(set(prompts), key=lambda p: (len(p.question) + len(p.context), p.key))
    return [ordered[i : i + GROUP] for i in range(0, len(ordered), GROUP)]


def _may_ask(claim: Path) -> bool:
    """Whether a group can be claimed here, was asked already, or belongs to a worker that is gone."""
    try:
        descriptor = os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        if claim.with_suffix(".done").exists():
            return True
        owner = claim.read_text(encoding="utf-8")
        return owner.isdecimal() and not _is_alive(int(owner))
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(str(os.getpid()))
    return True


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
