"""Fit the noisy channel to misspellings that people typed.

Two conditional logits (McFadden 1974) with a ridge penalty, fitted by L-BFGS: which of all one-edit
results of a name was typed, and which of all pairs of edits. Only cells that were seen `SEEN` times get a
weight. The share of two-edit misspellings is counted in the adverse-event reports alone, because the
table keeps both distances of that source only. Nothing here is random: the same tables give the same
parameters. This module does not read or write the fitted table, see `table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from robustness.errors import InputError
from robustness.misspellings.noisy_channel.channel_model import NoisyChannel
from robustness.misspellings.noisy_channel.edit_features import (
    FACTORS,
    OPERATORS,
    contexts,
    first_cells,
    operator_cells,
)
from robustness.misspellings.noisy_channel.edit_index import COLUMNS, WIDTH
from robustness.misspellings.noisy_channel.one_edit import (
    EditScorer,
    fluency_gain,
    trigram_model,
)
from robustness.misspellings.noisy_channel.two_edit_features import PAIR_FACTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from robustness.misspellings.misspelling import Misspelling
    from robustness.misspellings.noisy_channel.edit_features import Codes
    from robustness.misspellings.noisy_channel.one_edit import Scores

RIDGE = 4.0
"""Penalty on the squared weights; chosen by cross-validation, like `SEEN`."""
SEEN = 2
PAIR_RIDGE = 1.0
FLUENCY_SCALE = 0.3
"""Brings the gain in log-probability to the size of the other features before the penalty."""
DECIMALS = 3


@dataclass(frozen=True, slots=True)
class _Choices:
    """Alternatives of all names below each other, and which of them were chosen."""

    features: sparse.csr_matrix
    starts: Codes
    """First row of each name."""
    chosen: Scores
    """1.0 for the alternatives that people typed."""


def fit(observed: Mapping[str, Sequence[Misspelling]], drug_names: Iterable[str]) -> NoisyChannel:
    """The noisy channel that explains observed misspellings best.

    Args:
        observed: Misspellings by intended name; only those of one and two edits count.
        drug_names: Names to learn from what drug names look like.

    Raises:
        InputError: There is no one-edit misspelling to learn from.
    """
    typed = {name: {one.text for one in group} for name, group in sorted(observed.items())}
    trigrams = trigram_model(drug_names)
    scorer = _fit_edits(typed, trigrams)
    alone = NoisyChannel(scorer, np.zeros(len(PAIR_FACTORS)), 0.5)
    weights, covered = _fit_pairs(typed, alone)
    share = _two_edit_share(observed) * covered
    return NoisyChannel(scorer, weights, round(share, DECIMALS))


def _fit_edits(typed: Mapping[str, set[str]], trigrams: Scores) -> EditScorer:
    plain = EditScorer.untrained(trigrams)
    parts = [_alternatives(name, typed[name], plain) for name in typed]
    parts = [part for part in parts if part[2].any()]
    if not parts:
        raise InputError(
            "No one-edit misspelling to learn from", hint="Give a table with some of them."
        )
    columns, gains, chosen = (np.concatenate(column) for column in zip(*parts, strict=True))
    starts = np.cumsum([0] + [len(part[2]) for part in parts[:-1]])
    total = _starts()[-1]
    counts = np.bincount(columns[chosen > 0].ravel(), minlength=total + 1)
    seen = np.flatnonzero(counts[:total] >= SEEN)
    features = sparse.hstack([_indicators(columns, seen), gains * FLUENCY_SCALE], format="csr")
    found = _conditional_logit(_Choices(features, starts, chosen), RIDGE)
    weights = np.zeros(total)
    weights[seen] = np.round(found[: len(seen)], DECIMALS)
    fluency = np.round(found[len(seen) :] * FLUENCY_SCALE, DECIMALS)
    by_operator = dict(zip(OPERATORS, np.split(weights, _starts()[1:-1]), strict=True))
    return EditScorer(by_operator, dict(zip(OPERATORS, fluency.tolist(), strict=True)), trigrams)


def _alternatives(name: str, typed: set[str], plain: EditScorer) -> tuple[Codes, Scores, Scores]:
    """Cells (padded to the same width), gains in fluency and choices of all edits of a name."""
    starts = _starts()
    width = max(len(factors) for factors in FACTORS.values())
    columns = np.full((len(name) + 1, WIDTH, width), starts[-1])
    gains = np.zeros((len(name) + 1, WIDTH, len(OPERATORS)))
    for index, (operator, context) in enumerate(contexts(name).items()):
        found = np.moveaxis(operator_cells(operator, context), 0, 2) + starts[index]
        columns[:, COLUMNS[operator], : found.shape[2]] = found
        gains[:, COLUMNS[operator], index] = fluency_gain(operator, context, plain.trigrams)
    edits = plain.edits(name)
    kept = edits.numbers
    chosen = np.array([text in typed for text in edits.made], dtype=float)
    return columns.reshape(-1, width)[kept], gains.reshape(-1, len(OPERATORS))[kept], chosen


def _fit_pairs(typed: Mapping[str, set[str]], channel: NoisyChannel) -> tuple[Scores, float]:
    """Weights of the pair factors, and the share of two-edit misspellings that a pair can make."""
    features: list[Scores] = []
    chosen: list[Scores] = []
    missed = 0
    for name, texts in typed.items():
        edits = channel.scorer.edits(name)
        pairs = channel.pairs(edits)
        wanted = texts - set(edits.made)
        first = {text: row for row, text in reversed(list(enumerate(pairs.texts)))}
        rows = [first[text] for text in wanted if text in first]
        missed += len(wanted) - len(rows)
        if rows:
            features.append(pairs.features)
            chosen.append(np.isin(np.arange(len(pairs.texts)), rows).astype(float))
    if not features:
        return np.zeros(len(PAIR_FACTORS)), 0.0
    matrix = sparse.csr_matrix(np.concatenate(features))
    starts = np.cumsum([0, *(len(rows) for rows in chosen[:-1])])
    choices = _Choices(matrix, starts, np.concatenate(chosen))
    weights = np.round(_conditional_logit(choices, PAIR_RIDGE), DECIMALS)
    found = float(choices.chosen.sum())
    return weights, found / (found + missed)


def _two_edit_share(observed: Mapping[str, Sequence[Misspelling]]) -> float:
    distances = [one.distance for group in observed.values() for one in group if one.reports]
    return distances.count(2) / len(distances) if distances else 0.0


def _conditional_logit(choices: _Choices, ridge: float) -> Scores:
    features, starts, chosen = choices.features, choices.starts, choices.chosen
    transposed = features.T.tocsr()
    group = np.repeat(np.arange(len(starts)), np.diff([*starts, len(chosen)]))
    totals = np.add.reduceat(chosen, starts)

    def loss(weights: Scores) -> tuple[float, Scores]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        expected = np.exp(scores - top[group])
        norm = np.add.reduceat(expected, starts)
        expected *= (totals / norm)[group]
        likelihood = chosen @ scores - totals @ (top + np.log(norm))
        penalty = 0.5 * ridge * (weights @ weights)
        return float(penalty - likelihood), ridge * weights - transposed @ (chosen - expected)

    # So tight that processors that round differently agree to `DECIMALS`, but for a last digit here and there.
    options = {"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-5}
    start = np.zeros(features.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x)


def _indicators(columns: Codes, kept: Codes) -> sparse.csr_matrix:
    """One row an alternative, one column a kept cell."""
    number = np.full(_starts()[-1] + 1, -1)
    number[kept] = np.arange(len(kept))
    mapped = number[columns]
    rows, places = (mapped >= 0).nonzero()
    ones = np.ones(len(rows))
    return sparse.csr_matrix((ones, (rows, mapped[rows, places])), shape=(len(columns), len(kept)))


def _starts() -> Codes:
    """Where the cells of each operator begin in one long row of all cells, and how long it is."""
    return np.cumsum([0, *(first_cells(operator)[-1] for operator in OPERATORS)])
