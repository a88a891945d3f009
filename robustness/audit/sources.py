"""Which questions an audit asks: those of a kind of model, or those that a finished audit asked.

This module chooses; the questions are written in `robustness.questions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs, load_look_alikes
from robustness.questions import ClosedBookSource, LeafletSource, LeafletWriter

if TYPE_CHECKING:
    from robustness.questions import Source


def embedded_source(seed: int, *, kind: str = "") -> Source:
    """The questions that ship with the tool, as a model of this kind is asked them.

    Args:
        seed: Decides leaflets or options, and phrasings.
        kind: Kind of model. One that chooses is asked closed-book questions with options, every other
            one questions over leaflets.
    """
    if kind == "choice":
        return ClosedBookSource(seed, load_drugs(), load_look_alikes())
    return LeafletSource(seed, LeafletWriter(load_drugs(), load_look_alikes()))


def recorded_source(record: dict[str, Any], seed: int) -> Source:
    """The questions that a finished audit asked.

    Args:
        record: ``data.source`` of its results; audits that have none asked about leaflets.
        seed: Seed of the audit.
    """
    closed = record.get("kind") == ClosedBookSource.kind
    return embedded_source(seed, kind="choice" if closed else "")
