"""Rates of an audit: every metric, over all pairs and by slice, and the worst case of every question."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.results.grid import grid
from robustness.results.metrics import METRICS
from robustness.results.outcome_table import Tally, grouped
from robustness.statistics import (
    Rate,
    cluster_bootstrap,
    clustered_rate,
    compare_paired,
    simple_rate,
)
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.results.outcome import Outcome

_BROKEN = (Verdict.WRONG_DRUG, Verdict.WRONG_ANSWER, Verdict.ABSTAINED)
_RESAMPLES = 2000


def all_rates(
    outcomes: Sequence[Outcome], slices: dict[str, Callable[[Outcome], str]], *, seed: int = 0
) -> dict[str, Any]:
    """The ``rates`` of ``audit.json``.

    Args:
        outcomes: What was seen.
        slices: The value of an outcome, by the name of the slice.
        seed: Decides the resampling of the bootstrap.

    Returns:
        ``overall``, ``by`` slice and value, ``grid`` (see `robustness.results.grid`), ``bootstrap`` (percentile intervals of the overall rates by
        resampling drugs, to check the closed form against), ``drop`` and ``worst_case``.
    """
    tally = Tally(outcomes)
    by = {
        name: {
            value: _saved(tally.rates(rows))
            for value, rows in grouped(map(value_of, outcomes)).items()
        }
        for name, value_of in sorted(slices.items())  # as they are saved
    }
    return {
        "overall": _saved(tally.rates()),
        "by": by,
        "bootstrap": _bootstrap(tally, seed),
        "grid": grid(outcomes, tally),
        "drop": drop(tally),
        "worst_case": worst_case(outcomes),
    }


def drop(tally: Tally) -> dict[str, Any] | None:
    """How much less often a model is right when the name is misspelled, pair by pair.

    Returns:
        ``correct`` and ``misspelled``: the shares of pairs that are right with either name, with the usual
        intervals; ``difference``: the first minus the second, with the interval and the p-value of
        `robustness.statistics.compare_paired`. None where there are no pairs.
    """
    before, after, drugs = tally.right()
    found = compare_paired(after, before, drugs)
    if found is None:
        return None
    return {
        **_saved(
            {"correct": clustered_rate(before, drugs), "misspelled": clustered_rate(after, drugs)}
        ),
        "difference": {
            "estimate": found.difference,
            "low": found.low,
            "high": found.high,
            "n": found.n,
            "clusters": found.clusters,
            "p_value": found.p_value,
        },
    }


def worst_case(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What no tested misspelling breaks.

    A misspelling breaks a question when its answer becomes wrong or missing.

    Returns:
        ``questions``: the share of questions about a drug that hold under every misspelling tested, with
        the usual interval; ``drugs``: the share of drugs all of whose questions hold, with Wilson's
        interval, as drugs are independent; ``misspellings_per_question`` and ``pairs_per_drug``: how many
        were tested on average, without which neither share means much.
    """
    questions: dict[tuple[str, str], list[bool]] = {}
    for outcome in outcomes:
        value = METRICS["consistency"].value(outcome)
        if value is not None:
            key = (outcome.pair.drug.name, outcome.pair.baseline.id)
            questions.setdefault(key, []).append(outcome.judgement.verdict in _BROKEN)
    drugs: dict[str, bool] = {}
    for (drug, _), broken in questions.items():
        drugs[drug] = drugs.get(drug, True) and not any(broken)
    held = clustered_rate(
        [not any(broken) for broken in questions.values()], [drug for drug, _ in questions]
    )
    pairs = sum(map(len, questions.values()))
    return {
        **_saved({"questions": held, "drugs": simple_rate(sum(drugs.values()), len(drugs))}),
        "misspellings_per_question": pairs / len(questions) if questions else 0.0,
        "pairs_per_drug": pairs / len(drugs) if drugs else 0.0,
    }


def _bootstrap(tally: Tally, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in METRICS:
        ends = cluster_bootstrap(*tally.sample(name), seed=seed, resamples=_RESAMPLES)
        found[name] = {"low": ends[0], "high": ends[1], "resamples": _RESAMPLES} if ends else None
    return found


def _saved(rates: dict[str, Rate | None]) -> dict[str, Any]:
    return {name: asdict(rate) if rate else None for name, rate in rates.items()}
