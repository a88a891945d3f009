"""Contexts longer than a model: windows that overlap, put together again into one row of scores.

Each window holds the question and a stretch of the context. Consecutive windows overlap; a token that
stands in several is scored by the one in which it is farthest from an edge ("maximum context", Devlin et
al. 2019), so each has one score and spans are chosen over the whole context as if it had been read at
once. Which model reads the windows is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

OVERLAP = 128
"""Tokens that consecutive windows share, as in the reference readers for SQuAD."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the context that is read at once, and which of its scores count."""

    start: int
    """First token of the stretch, counted from the beginning of the context."""
    end: int
    """Where it ends, exclusive."""
    keep_start: int
    """First token whose scores are taken from this window."""
    keep_end: int
    """Where those end, exclusive."""


def windows(tokens: int, room: int) -> list[Window]:
    """Cut a context into windows.

    Args:
        tokens: Length of the context in tokens, at least 1.
        room: Tokens of context that fit into a window, at least 2.

    Returns:
        Windows in order. Their stretches cover the context and overlap by `OVERLAP` tokens, or by half
        the room where that is less; what they keep covers every token exactly once.

    >>> [(w.start, w.end, w.keep_start, w.keep_end) for w in windows(9, 6)]
    [(0, 6, 0, 4), (3, 9, 4, 9)]
    """
    overlap = min(OVERLAP, room // 2)
    starts = list(range(0, max(tokens - overlap, 1), room - overlap))
    starts[-1] = max(0, tokens - room)
    ends = [min(start + room, tokens) for start in starts]
    borders = [(ends[i] + starts[i + 1]) // 2 for i in range(len(starts) - 1)]
    return [
        Window(start, end, keep_start, keep_end)
        for start, end, keep_start, keep_end in zip(
            starts, ends, [0, *borders], [*borders, tokens], strict=True
        )
    ]


def joined(pieces: Sequence[torch.Tensor], cut: Sequence[Window]) -> torch.Tensor:
    """One score a token of the context.

    Args:
        pieces: Scores of each window's stretch, shape (..., tokens of the stretch or more).
        cut: The windows.

    Returns:
        Scores of shape (..., tokens of the context).
    """
    import torch

    kept = [
        piece[..., window.keep_start - window.start : window.keep_end - window.start]
        for piece, window in zip(pieces, cut, strict=True)
    ]
    return torch.cat(kept, -1)
