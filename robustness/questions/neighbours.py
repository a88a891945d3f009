"""Which drugs have names that are easily taken for a drug's: listed look-alikes first, then by spelling.

This module compares names alone and says nothing about what the drugs do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug, LookAlike

_NEIGHBOURS = 8


def near_names(
    drugs: Sequence[Drug], look_alikes: Sequence[LookAlike]
) -> dict[str, tuple[Drug, ...]]:
    """The nearest names of every drug, by its name.

    Args:
        drugs: Among whom to look.
        look_alikes: Pairs that come first.

    Returns:
        Up to eight other drugs each, the likeliest to be confused first.
    """
    by_name = {drug.name: drug for drug in drugs}
    names = list(by_name)
    if len(names) < 2:
        return {}
    similarity = process.cdist(names, names, scorer=OSA.normalized_similarity)
    near: dict[str, dict[str, None]] = {
        name: {names[i]: None for i in np.argsort(-similarity[row], kind="stable") if i != row}
        for row, name in enumerate(names)
    }
    listed: dict[str, list[str]] = {}
    for pair in look_alikes:
        listed.setdefault(pair.name, []).append(pair.lookalike)
        listed.setdefault(pair.lookalike, []).append(pair.name)
    return {
        name: tuple(
            by_name[other]
            for other in dict.fromkeys((*listed.get(name, ()), *ranked))
            if other in by_name
        )[:_NEIGHBOURS]
        for name, ranked in near.items()
    }
