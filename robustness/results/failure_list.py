"""The failures of an audit: every pair that was not consistent, with its tokens, answers and severity."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.results.probability import probability
from robustness.results.severity import severity
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import Answer
    from robustness.results.outcome import Outcome
    from robustness.tokenizers import Tokenizer


def failures(outcomes: Sequence[Outcome], tokenizer: Tokenizer | None) -> list[dict[str, Any]]:
    """Every pair that was not consistent: the most severe first, then the most often typed."""
    failed = [o for o in outcomes if o.judgement.verdict is not Verdict.CONSISTENT]
    names = [name for o in failed for name in (o.pair.baseline.name, o.pair.case.name)]
    pieces = tokenizer.pieces(names) if tokenizer and names else [[] for _ in names]
    rows = [_failure(outcome, pieces[2 * i], pieces[2 * i + 1]) for i, outcome in enumerate(failed)]
    order = ("critical", "major", "moderate", "minor", "none")
    return sorted(
        rows, key=lambda row: (order.index(row["severity"]), -row["reports"], row["case_id"])
    )


def _failure(outcome: Outcome, tokens: list[str], tokens_misspelled: list[str]) -> dict[str, Any]:
    pair, case, judgement = outcome.pair, outcome.pair.case, outcome.judgement
    return {
        "case_id": case.id,
        "drug": pair.drug.name,
        "group": pair.drug.high_risk_group,
        "relation": case.relation,
        "question": case.question,
        "leaflet": case.leaflet.text,
        "name": pair.baseline.name,
        "misspelling": case.name,
        "operator": pair.misspelling.operator,
        "channel": pair.misspelling.channel,
        "edits": pair.misspelling.distance,
        "reports": pair.misspelling.reports,
        "probability": probability(pair.misspelling),
        "tokens": tokens,
        "tokens_misspelled": tokens_misspelled,
        "answer": _answer(outcome.baseline_answer),
        "answer_misspelled": _answer(outcome.answer),
        "gold": case.gold,
        "verdict": judgement.verdict.value,
        "answered_for": judgement.answered_for,
        "severity": severity(pair.drug, judgement),
        "replay": f"robustness replay {case.id} --audit .",
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    return asdict(answer) if answer else None
