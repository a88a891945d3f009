"""How numbers, verdicts and slices are worded, the same in every format."""

from __future__ import annotations

from typing import Any

from robustness.gate import GAINS

HEADLINES = (
    ("baseline_accuracy", "right with the correct name"),
    ("flip_rate", "of answers changed by a misspelling"),
    ("wrong_drug", "became another drug's answer"),
    ("retained_accuracy", "of right answers stayed right"),
)
"""The four numbers to read first, with what each is a share of."""

METRIC_TITLES = {
    "baseline_accuracy": "Baseline accuracy",
    "consistency": "Consistency",
    "flip_rate": "Flip rate",
    "wrong_drug": "Wrong drug",
    "retained_accuracy": "Retained accuracy",
    "abstained": "Abstained",
}

SLICE_TITLES = {
    "channel": "Channel",
    "edits": "Edit distance",
    "group": "Drug group",
    "question": "Question",
    "training": "Drug in training",
    "tokens": "Tokens of the name",
}

VERDICT_WORDS = {
    "consistent": "the answer held",
    "wrong_drug": "another drug's answer",
    "wrong_answer": "a wrong answer",
    "recovered": "wrong before, right now",
    "abstained": "no answer",
    "nondeterministic": "two answers to one prompt",
    "error": "the model failed",
}

DISCLAIMER = (
    "This is a robustness test and no clinical validation. It says whether answers change when a drug's "
    "name is misspelled, not whether they are good medicine."
)


def percent(share: float) -> str:
    """A share as a percentage with one decimal.

    >>> percent(0.072)
    '7.2 %'
    """
    return f"{share * 100:.1f} %"


def interval(rate: dict[str, Any] | None) -> str:
    """A saved rate with its interval and what it rests on.

    >>> interval({"estimate": 0.5, "low": 0.4, "high": 0.6, "n": 100, "clusters": 20})
    '50.0 % (40.0 to 60.0 %; n = 100, 20 drugs)'
    >>> interval(None)
    'no pairs'
    """
    if rate is None:
        return "no pairs"
    low, high = f"{rate['low'] * 100:.1f}", percent(rate["high"])
    drugs = f"{rate['clusters']} drug{'' if rate['clusters'] == 1 else 's'}"
    return f"{percent(rate['estimate'])} ({low} to {high}; n = {rate['n']:,}, {drugs})"


def verdict_sentence(results: dict[str, Any]) -> str:
    """The outcome of an audit in one sentence."""
    counts, flips = results["counts"], results["rates"]["overall"]["flip_rate"]
    critical = sum(row["severity"] == "critical" for row in results["failures"])
    if flips is None:
        return f"All {counts['pairs']:,} pairs ended in an error: nothing can be said."
    return (
        f"A misspelled drug name changed {percent(flips['estimate'])} of the answers "
        f"({counts['pairs']:,} pairs, {counts['drugs']} drugs); {critical:,} "
        f"{'change is' if critical == 1 else 'changes are'} critical."
    )


def gate_sentence(results: dict[str, Any]) -> str:
    """What the gate decided and why, in one sentence."""
    gate = results["gate"]
    if not gate["rules"]:
        return "No rule was set, so there is nothing to pass or fail (set one: --fail-under)."
    early = gate.get("early") or {}
    stopped = (
        f", stopped early after {early['asked']:,} of {early['planned']:,} pairs"
        if early.get("stopped")
        else ""
    )
    return f"Gate: {gate['decision']}{stopped} ({'; '.join(map(rule_sentence, gate['rules']))})."


def rule_sentence(rule: dict[str, Any]) -> str:
    """What became of one rule of the gate.

    >>> rule_sentence({"metric": "flip_rate", "threshold": 0.05, "decision": "pass", "low": 0.01, "high": 0.03})
    'flip rate must stay under 5.0 %, its interval is 1.0 to 3.0 %: pass'
    """
    side = "reach" if rule["metric"] in GAINS else "stay under"
    about = f" ({rule['slice']})" if rule.get("slice") else ""
    seen = "empty" if rule["low"] is None else f"{rule['low'] * 100:.1f} to {percent(rule['high'])}"
    floor = rule.get("noise_floor")
    more = rule.get("more_pairs")
    return (
        f"{rule['metric'].replace('_', ' ')}{about} must {side} {percent(rule['threshold'])}, "
        f"its interval is {seen}"
        + (f" after a noise floor of {percent(floor)}" if floor else "")
        + f": {rule['decision']}"
        + (f", {more:,} more pairs would decide" if more else "")
        + (", a warning only" if rule.get("severity") == "warning" else "")
    )
