"""Cut the prompts of an audit into batches that depend on the prompts and the model alone.

Prompts of about the same length go together, so that little is padded, and a batch holds at most so many
tokens, padding counted. What is already answered plays no part: an audit that goes on after a crash cuts
the very batches that an undisturbed one would.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.models import capabilities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from robustness.models import Prompt, QAModel

MAX_TOKENS = 4096
"""Tokens of a batch, padding counted, where a model does not say how many it takes."""
MAX_PROMPTS = 64
"""Prompts of a batch: what a crash can lose at most."""
UNSIZED_PROMPTS = 32
"""Prompts of a batch for models that do not count tokens."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Prompts that are asked together."""

    prompts: tuple[Prompt, ...]
    key: str = ""
    """Names the batch where answers depend on it to the last bit; empty where each prompt stands alone."""


def cut_batches(model: QAModel, prompts: Iterable[Prompt]) -> list[Batch]:
    """Batches of the distinct prompts, the shortest first.

    Args:
        model: Counts tokens, where it has a method ``sizes``; otherwise its
            capabilities say how many prompts it takes.
        prompts: What is to be asked; equal ones are asked once.
    """
    distinct = list(dict.fromkeys(prompts))
    if not distinct:
        return []
    able = capabilities(model)
    sizes = getattr(model, "sizes", None)
    if sizes is None:
        size = able.prompts_at_once or UNSIZED_PROMPTS
        distinct.sort(key=lambda p: (len(p.question) + len(p.context), p.key))
        cut = [tuple(distinct[i : i + size]) for i in range(0, len(distinct), size)]
    else:
        limit = able.tokens_at_once or MAX_TOKENS
        cut = _by_tokens(dict(zip(distinct, sizes(distinct), strict=True)), limit)
    return [Batch(each, _key(each) if able.depends_on_batch else "") for each in cut]


def _by_tokens(sizes: dict[Prompt, int], limit: int) -> list[tuple[Prompt, ...]]:
    batches: list[list[Prompt]] = []
    for prompt in sorted(sizes, key=lambda p: (sizes[p], p.key)):
        fits = batches and (len(batches[-1]) + 1) * sizes[prompt] <= limit
        if fits and len(batches[-1]) < MAX_PROMPTS:
            batches[-1].append(prompt)
        else:
            batches.append([prompt])
    return [tuple(batch) for batch in batches]


def _key(prompts: Iterable[Prompt]) -> str:
    digest = hashlib.sha256()
    for prompt in prompts:
        digest.update(prompt.key.encode() + b"\n")
    return digest.hexdigest()
