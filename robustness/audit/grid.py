"""Rates by two slices at once: every drug group in every channel."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.audit.rates import metric_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.results import Outcome

_METRICS = ("flip_rate", "wrong_drug")


def grid(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The ``rates.grid`` of ``audit.json``.

    Returns:
        ``rows`` and ``columns``, the names of the slices, and ``cells``: group to channel to metric to
        saved rate. A group that has no pairs in a channel has no cell there.
    """
    found: dict[str, dict[str, list[Outcome]]] = {}
    for outcome in outcomes:
        group, channel = outcome.pair.drug.high_risk_group, outcome.pair.misspelling.channel
        found.setdefault(group, {}).setdefault(channel, []).append(outcome)
    cells = {
        group: {channel: _saved(those) for channel, those in by_channel.items()}
        for group, by_channel in found.items()
    }
    return {"rows": "group", "columns": "channel", "cells": cells}


def _saved(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    rates = metric_rates(outcomes)
    return {name: asdict(rate) if (rate := rates[name]) else None for name in _METRICS}
