"""What `robustness misspell` lists: the misspellings of a name through one channel or the likeliest.

Without a channel, what people typed and what the noisy channel expects stand in one list by probability;
a misspelling that people typed and that the channel cannot make comes last. This module prints nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from robustness.drugs import load_known_names
from robustness.misspellings.candidates import check_channels
from robustness.misspellings.case_pattern import recase
from robustness.misspellings.channels import CHANNELS as MADE
from robustness.misspellings.channels import misspell_through
from robustness.misspellings.noisy_channel import rank
from robustness.misspellings.observed import load_observed

if TYPE_CHECKING:
    from robustness.misspellings.misspelling import Misspelling


def list_misspellings(
    name: str, *, channel: str | None = None, limit: int = 20, seed: int = 0
) -> tuple[Misspelling, ...]:
    """Misspellings of a name without collisions.

    Args:
        name: Any name, in any case.
        channel: One of `channel_descriptions`, or None for what people typed and the noisy channel together.
        limit: How many at most.
        seed: Decides what a channel without probabilities draws.

    Returns:
        Most probable first. Observed ones hold their reports, and the probability that the noisy channel
        gives them, None where it cannot make them.

    Raises:
        InputError: An unknown channel, or a name that cannot be misspelled.

    >>> [(one.text, one.reports) for one in list_misspellings("metformin", limit=2)]
    [('metfomin', 0), ('meformin', 56)]
    """
    name = " ".join(name.split())
    if channel is not None:
        check_channels([channel])
    if channel in MADE:
        return misspell_through(channel, name, limit=limit, seed=seed)
    if channel == "noisy":
        return rank(name, limit)
    drawn = rank(name, 1_000_000)
    expected = {one.text: one for one in drawn}
    observed = _observed(name, expected)
    if channel == "observed":
        return observed[:limit]
    typed = {one.text for one in observed}
    every = (*observed, *(one for one in drawn if one.text not in typed))
    return tuple(sorted(every, key=lambda one: -(one.probability or 0.0))[:limit])


def _observed(name: str, expected: dict[str, Misspelling]) -> tuple[Misspelling, ...]:
    known = load_known_names()
    found = []
    for one in load_observed().get(name.lower(), ()):
        if known.is_another_drug(one.text, one.intended) is None:
            text, edits = recase(name, one.edits)
            drawn = expected.get(text)
            probability = drawn.probability if drawn else None
            found.append(
                replace(one, text=text, intended=name, edits=edits, probability=probability)
            )
    return tuple(found)
