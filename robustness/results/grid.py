"""Rates by two slices at once: every drug group in every channel."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.results.outcome_table import Tally, grouped
from robustness.statistics import clustered_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.results.outcome import Outcome

_METRICS = ("flip_rate", "wrong_drug")


def grid(outcomes: Sequence[Outcome], tally: Tally) -> dict[str, Any]:
    """The ``rates.grid`` of ``audit.json``.

    Args:
        outcomes: What was seen.
        tally: The same as arrays.

    Returns:
        ``rows`` and ``columns``, the names of the slices, and ``cells``: group to channel to metric to
        saved rate. A group that has no pairs in a channel has no cell there.
    """
    both = ((o.pair.drug.high_risk_group, o.pair.misspelling.channel) for o in outcomes)
    cells: dict[str, dict[str, Any]] = {}
    for (group, channel), rows in grouped(both).items():
        rates = {name: clustered_rate(*tally.sample(name, rows)) for name in _METRICS}
        saved = {name: asdict(rate) if rate else None for name, rate in rates.items()}
        cells.setdefault(group, {})[channel] = saved
    return {"rows": "group", "columns": "channel", "cells": cells}
