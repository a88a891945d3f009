"""X-ray: how a tokenizer cuts correct names and their misspellings.

It describes; it does not say that a cut causes a failure, which needs a control.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.tokenizers.protocol import Tokenizer


@dataclass(frozen=True, slots=True)
class XRay:
    """What happens to a list of names and one misspelling of each."""

    pairs: int
    """Number of name and misspelling pairs looked at."""
    fertility_correct: float
    """Mean number of tokens of a correct name, over distinct names."""
    fertility_misspelled: float
    """Mean number of tokens of a misspelled name, over pairs."""
    more_tokens: float
    """Share of pairs whose misspelling has more tokens than the name."""
    first_piece_kept: float
    """Share of pairs that begin with the same piece."""


def xray(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> XRay:
    """X-ray a tokenizer.

    Args:
        tokenizer: What to look at.
        pairs: A correct name and one misspelling each, at least one pair.
    """
    names = sorted({name for name, _ in pairs})
    cut = dict(zip(names, tokenizer.pieces(names), strict=True))
    misspelled = tokenizer.pieces([text for _, text in pairs])
    both = [(cut[name], pieces) for (name, _), pieces in zip(pairs, misspelled, strict=True)]
    return XRay(
        pairs=len(pairs),
        fertility_correct=_mean([len(pieces) for pieces in cut.values()]),
        fertility_misspelled=_mean([len(after) for _, after in both]),
        more_tokens=_mean([len(after) > len(before) for before, after in both]),
        first_piece_kept=_mean([after[:1] == before[:1] for before, after in both]),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
