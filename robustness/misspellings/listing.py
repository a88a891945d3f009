"""The misspellings of one name as rows of a table, for the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robustness.drugs import load_known_names
from robustness.misspellings.candidates import check_channels
from robustness.misspellings.channels.registry import misspell_through
from robustness.misspellings.observed import load_observed
from robustness.misspellings.ranking import rank

if TYPE_CHECKING:
    from robustness.misspellings.misspelling import Misspelling


def list_misspellings(
    name: str, top: int, *, channel: str | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """The first misspellings of a name.

    Args:
        name: A name in any case.
        top: How many at most.
        channel: Only this channel; by default what people typed and what the noisy channel gives,
            together, most probable first.
        seed: Decides draws from channels that have no ranking.

    Returns:
        Rows with ``misspelling, channel, operator, edits, reports, probability``.

    Raises:
        InputError: An unknown channel, or a name that is none.
    """
    if channel is not None:
        check_channels([channel])
    if channel in (None, "observed", "noisy"):
        found = _learned(name, top, channel)
    else:
        found = misspell_through(str(channel), name, limit=top, seed=seed)
    return [_row(one) for one in found]


def _learned(name: str, top: int, channel: str | None) -> tuple[Misspelling, ...]:
    """Ranked by the noisy channel; what people typed is marked so and keeps its reports."""
    known = load_known_names()
    observed = {
        one.text: one
        for one in load_observed().get(" ".join(name.lower().split()), ())
        if known.is_another_drug(one.text, one.intended) is None
    }
    if channel == "noisy":
        return rank(name, top)
    ranked = {one.text.lower(): one for one in rank(name, 10_000 if observed else top)}
    typed = [
        replace(one, probability=ranked[text].probability if text in ranked else None)
        for text, one in observed.items()
    ]
    if channel == "observed":
        return tuple(sorted(typed, key=_most_probable)[:top])
    made = [one for text, one in ranked.items() if text not in observed]
    return tuple(sorted([*typed, *made], key=_most_probable)[:top])


def _most_probable(one: Misspelling) -> tuple[float, int, str]:
    return (-(one.probability or 0.0), -one.reports, one.text)


def _row(one: Misspelling) -> dict[str, Any]:
    return {
        "misspelling": one.text,
        "channel": one.channel,
        "operator": one.operator,
        "edits": one.distance,
        "reports": one.reports,
        "probability": None if one.probability is None else round(one.probability, 6),
    }
