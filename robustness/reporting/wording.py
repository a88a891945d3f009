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
    "misspelled_accuracy": "Accuracy when misspelled",
    "consistency": "Consistency",
    "flip_rate": "Flip rate",
    "wrong_drug": "Wrong drug",
    "critical": "Critical, of pairs at stake",
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
    "position": "Place in the name",
}

SLICE_ORDERS = {"position": ("first letter", "first half", "second half", "last letter", "several")}
"""Values of a slice in their natural order, where that is not the order of the alphabet."""

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


def rate_rows(overall: dict[str, Any]) -> list[tuple[str, str]]:
    """Title and interval of every metric that was measured."""
    return [(title, interval(overall[n])) for n, title in METRIC_TITLES.items() if n in overall]


def percent(share: float) -> str:
    """A share as a percentage with one decimal.

    >>> percent(0.072)
    '7.2 %'
    """
    return f"{share * 100:.1f} %"


def counted(count: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "pair"), counted(2500, "pair")
    ('1 pair', '2,500 pairs')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sentence(text: str) -> str:
    """A text as a sentence: its first letter large, a full stop at its end.

    >>> sentence("flip rate: pass")
    'Flip rate: pass.'
    """
    return text[:1].upper() + text[1:].removesuffix(".") + "."


def duration(seconds: float) -> str:
    """A time in the two largest units that matter.

    >>> duration(153), duration(8.4), duration(7260)
    ('2 min 33 s', '8 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def interval(rate: dict[str, Any] | None, unit: str = "drug") -> str:
    """A saved rate with its interval and what it rests on.

    Args:
        rate: The rate, or None where there are no pairs.
        unit: What its clusters are.

    >>> interval({"estimate": 0.5, "low": 0.4, "high": 0.6, "n": 100, "clusters": 20})
    '50.0 % (40.0 to 60.0 %; n = 100, 20 drugs)'
    >>> interval(None)
    'no pairs'
    """
    if rate is None:
        return "no pairs"
    low, high = f"{rate['low'] * 100:.1f}", percent(rate["high"])
    clusters = counted(rate["clusters"], unit)
    return f"{percent(rate['estimate'])} ({low} to {high}; n = {rate['n']:,}, {clusters})"


def ordered(name: str, values: dict[str, Any]) -> list[tuple[str, Any]]:
    """The values of a slice in their natural order.

    >>> ordered("edits", {"2": "b", "10": "c", "1": "a"})
    [('1', 'a'), ('2', 'b'), ('10', 'c')]
    """
    order = SLICE_ORDERS.get(name, ())

    def place(value: str) -> tuple[int, int, str]:
        known = order.index(value) if value in order else len(order)
        return known, int(value) if value.isdecimal() else 0, value

    return sorted(values.items(), key=lambda item: place(item[0]))


def verdict_words(row: dict[str, Any]) -> str:
    """The verdict of a failure in words, with the drug that was answered for.

    >>> verdict_words({"verdict": "wrong_drug", "answered_for": "warfarin"})
    "another drug's answer: warfarin"
    """
    words = VERDICT_WORDS.get(row["verdict"], row["verdict"])
    return f"{words}: {row['answered_for']}" if row.get("answered_for") else words


def value_words(value: str) -> str:
    """The value of a slice as it is shown.

    >>> value_words("high_risk_group"), value_words("none")
    ('high risk group', 'not high-risk')
    """
    return "not high-risk" if value == "none" else value.replace("_", " ")


def origin_words(row: dict[str, Any]) -> str:
    """How a misspelling came about and how plausible it is, in short.

    >>> origin_words({"channel": "observed", "operator": "deletion", "reports": 12})
    'deletion, typed by people, 12 reports'
    >>> origin_words({"channel": "noisy", "operator": "doubling", "probability": 0.0213})
    'doubling, 1 in 47'
    """
    known = [str(row["operator"])]
    if row["channel"] == "observed":
        known.append("typed by people")
    elif row["channel"] != "noisy":
        known.append(f"channel {row['channel']}")
    if reports := row.get("reports"):
        known.append(counted(reports, "report"))
    if probability := row.get("probability"):
        known.append(f"1 in {1 / probability:,.0f}")
    return ", ".join(known)


def source_words(data: dict[str, Any]) -> str:
    """Where the questions of an audit come from, to be put behind "questions"; nothing in audits that do not say so.

    >>> source_words({"source": {"kind": "leaflets"}}), source_words({})
    (' on leaflets', '')
    >>> source_words({"source": {"kind": "closed_book"}}), source_words({"source": None})
    (' without a text', '')
    >>> source_words({"source": {"kind": "file", "path": "medqa.jsonl"}})
    ' from medqa.jsonl'
    """
    source = data.get("source") or {}
    kind = source.get("kind", "")
    if kind == "file":
        return f" from {source['path']}"
    return {"leaflets": " on leaflets", "closed_book": " without a text"}.get(kind, "")


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


def gate_reasons(results: dict[str, Any]) -> str:
    """The rules that decided: those with the decision of the whole gate, up to three of them."""
    gate = results["gate"]
    deciding = [rule for rule in gate["rules"] if rule["decision"] == gate["decision"]]
    more = f"; {len(deciding) - 3} more" if len(deciding) > 3 else ""
    return "; ".join(map(rule_sentence, deciding[:3])) + more


def bounds(rate: dict[str, Any]) -> str:
    """The interval of a rate or a rule, after its estimate where that was saved.

    >>> bounds({"estimate": 0.5, "low": 0.4, "high": 0.6}), bounds({"low": 0.4, "high": 0.6})
    ('50.0 % (40.0 to 60.0 %)', '40.0 to 60.0 %')
    """
    if rate.get("low") is None:
        return "no pairs"
    estimate = rate.get("estimate")
    ends = f"{rate['low'] * 100:.1f} to {percent(rate['high'])}"
    return ends if estimate is None else f"{percent(estimate)} ({ends})"
