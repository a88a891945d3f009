"""What a model is asked: a question with its text or options, and the segmentation of a name where ids are fed."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """Another way to cut a stretch of the question into tokens: same characters, other ids."""

    start: int
    """Character offset in the question where the stretch begins."""
    end: int
    """Where it ends, exclusive."""
    ids: tuple[int, ...]
    """Token ids to feed in place of those that the tokenizer would give."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: equal prompts must get equal answers."""

    question: str
    context: str = ""
    """What an open-book model reads; empty for a closed book."""
    options: tuple[str, ...] = ()
    """What a multiple-choice model chooses from; empty for a free answer."""
    cut: Cut | None = None
    """How to cut the drug's name; None for the tokenizer's own way."""

    @property
    def key(self) -> str:
        """Everything that the answer depends on, as one text: equal for equal prompts alone."""
        cut = (self.cut.start, self.cut.end, self.cut.ids) if self.cut else None
        parts = (self.question, self.context, self.options, cut)
        return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
