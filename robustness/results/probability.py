"""How likely people make a misspelling.

This module does not judge answers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from robustness.misspellings import rank

if TYPE_CHECKING:
    from robustness.misspellings import Misspelling

_RANKED = 200


def probability(misspelling: Misspelling) -> float | None:
    """How likely people write a name this way, when they misspell it.

    Returns:
        What its channel says; else what the noisy channel says, when it is among that channel's `_RANKED`
        most probable misspellings of the name; else None.
    """
    if misspelling.probability is not None or misspelling.channel != "observed":
        return misspelling.probability
    return _ranked(misspelling.intended).get(misspelling.text)


@lru_cache(maxsize=4096)
def _ranked(name: str) -> dict[str, float | None]:
    return {one.text: one.probability for one in rank(name, _RANKED)}
