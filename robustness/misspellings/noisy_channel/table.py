"""The fitted table of the noisy channel, `channel.json`: written by `refit`, read at the start.

It holds how it was made (command, digests and counts of the tables, held-out score) and every weight
under the words that it belongs to, so that it can be read. This module fits nothing.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.drugs import load_known_names
from robustness.errors import InputError
from robustness.misspellings.noisy_channel.channel_model import NoisyChannel
from robustness.misspellings.noisy_channel.edit_features import (
    FACTORS,
    OPERATORS,
    cell_name,
    cell_number,
    first_cells,
)
from robustness.misspellings.noisy_channel.one_edit import EditScorer, trigram_model
from robustness.misspellings.noisy_channel.two_edit_features import PAIR_FACTORS

if TYPE_CHECKING:
    from robustness.misspellings.noisy_channel.one_edit import Scores

SCHEMA_VERSION = 1
CHANNEL_PATH = Path(__file__).with_name("channel.json")


@cache
def load_channel() -> NoisyChannel:
    """The shipped noisy channel."""
    return read_channel(CHANNEL_PATH)


def read_channel(path: Path) -> NoisyChannel:
    """Read a fitted table.

    Raises:
        InputError: The file is missing or is no fitted table of this version.
    """
    hint = "Fit it again: robustness misspell --fit"
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["schema_version"] != SCHEMA_VERSION:
            raise InputError(
                "Other schema version", where=path, value=table["schema_version"], hint=hint
            )
        weights = {operator: _dense(operator, table["weights"][operator]) for operator in OPERATORS}
        pairs = np.array([float(table["pair_weights"].get(word, 0)) for word in PAIR_FACTORS])
        fluency = {operator: float(table["fluency"][operator]) for operator in OPERATORS}
        share = float(table["two_edit_share"])
    except OSError as error:
        raise InputError("No fitted noisy channel", where=path, hint=hint) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"No fitted noisy channel ({error})", where=path, hint=hint) from error
    scorer = EditScorer(weights, fluency, trigram_model(load_known_names().names))
    return NoisyChannel(scorer, pairs, share)


def describe_channel(channel: NoisyChannel, record: dict[str, Any]) -> str:
    """The text of a fitted table.

    Args:
        channel: What was fitted.
        record: How it was made; JSON values under keys of its own.
    """
    weights = {
        operator: _named(operator, channel.scorer.weights[operator]) for operator in OPERATORS
    }
    pairs = {
        word: weight
        for word, weight in zip(PAIR_FACTORS, channel.pair_weights.tolist(), strict=True)
        if weight
    }
    table = {
        "schema_version": SCHEMA_VERSION,
        **record,
        "two_edit_share": channel.two_edit_share,
        "fluency": dict(channel.scorer.fluency),
        "pair_weights": pairs,
        "weights": weights,
    }
    return json.dumps(table, indent=1, ensure_ascii=True) + "\n"


def _dense(operator: str, named: dict[str, dict[str, float]]) -> Scores:
    """The weights of an operator in one row, from those that are written under their names."""
    starts = first_cells(operator).tolist()
    weights = np.zeros(starts[-1])
    for factor, start in zip(FACTORS[operator], starts, strict=False):
        for name, weight in named.get(factor, {}).items():
            weights[start + cell_number(factor, name)] = float(weight)
    return weights


def _named(operator: str, weights: Scores) -> dict[str, dict[str, float]]:
    """The inverse of `_dense`; weights of 0 are not written."""
    rows = np.split(weights, first_cells(operator)[1:-1])
    return {
        factor: {cell_name(factor, cell): float(row[cell]) for cell in row.nonzero()[0].tolist()}
        for factor, row in zip(FACTORS[operator], rows, strict=True)
        if row.any()
    }
