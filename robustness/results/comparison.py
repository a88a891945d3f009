"""Compare two audits pair by pair: what got worse, what got better, and whether that is chance.

Pairs are matched by case id, which does not depend on the model, so audits of two models or two versions
can be compared as long as they asked the same questions. A pair *fails* when its answer changed
to a wrong one, another drug's, or none.

The overall comparison alone decides. The slices say where; their p-values are adjusted by Holm's method. A
regression is significant when McNemar's exact test and the clustered interval both say so, see
`robustness.statistics.paired`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError
from robustness.files import is_file
from robustness.results.audit_json import load_results
from robustness.results.pairs_csv import COLUMNS, read_pairs
from robustness.statistics import compare_paired, holm
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

CONFIDENCE = 0.95
_FAILING = (Verdict.WRONG_DRUG, Verdict.WRONG_ANSWER, Verdict.ABSTAINED)
_SAID_NOTHING = (Verdict.ERROR, Verdict.NONDETERMINISTIC)
Rows = dict[str, dict[str, str]]


def compare_audits(baseline: Path, current: Path) -> dict[str, Any]:
    """Compare two audits.

    Args:
        baseline: Folder or ``audit.json`` of the audit to compare with.
        current: The same of the audit that may be worse.

    Returns:
        ``decision`` (``regression``, ``improvement`` or ``no difference``), ``overall`` and ``slices``
        (see `robustness.statistics.PairedComparison`), ``new_failures`` and ``fixed`` (rows of
        ``pairs.csv``), ``matched`` counts and ``differences`` in words.

    Raises:
        InputError: There is no audit, its pairs cannot be had, or the two have no pair in common.
    """
    folders = [path.parent if is_file(path) else path for path in (baseline, current)]
    results = [load_results(folder) for folder in folders]
    first, second = (_rows(each, folder) for each, folder in zip(results, folders, strict=True))
    shared = [case for case in first if case in second]
    both = [c for c in shared if _judged(first[c]) and _judged(second[c])]
    differences = explain_differences(*results)
    if not both:
        raise InputError(
            "The two audits have no pair in common",
            where=f"{folders[0]} and {folders[1]}",
            hint=" ".join(differences) or "Were they made from the same data and seed?",
        )
    overall = _compare(both, first, second)
    return {
        "decision": _decision(overall, overall["p_value"]),
        "overall": overall,
        "slices": _slices(both, first, second),
        "new_failures": [second[c] for c in both if _fails(second[c]) > _fails(first[c])],
        "fixed": [first[c] for c in both if _fails(first[c]) > _fails(second[c])],
        "matched": {
            "pairs": len(both),
            "only_baseline": len(first) - len(shared),
            "only_current": len(second) - len(shared),
            "not_judged": len(shared) - len(both),
        },
        "differences": differences,
        "multiplicity": "Holm over the slices",
    }


def explain_differences(baseline: dict[str, Any], current: dict[str, Any]) -> list[str]:
    """What differed between two audits apart from the answers, one sentence each."""
    said = []
    for title, keys in (
        ("model", ("model", "spec")),
        ("model's fingerprint", ("model", "fingerprint")),
        ("seed, and with it leaflets and questions,", ("run", "seed")),
        ("budget", ("run", "budget")),
        ("channels", ("run", "channels")),
        ("drugs asked for", ("data", "requested_drugs")),
        ("tables", ("data", "tables")),
        ("version of the tool", ("run", "versions", "robustness")),
    ):
        before, after = (_at(each, keys) for each in (baseline, current))
        if before != after:
            said.append(f"The {title} changed{_from_to(before, after)}.")
    return said


def _rows(results: dict[str, Any], folder: Path) -> Rows:
    """The pairs of an audit by case id."""
    rows = read_pairs(folder)
    if rows is None:
        raise InputError(
            "The audit has no pairs.csv", where=folder, hint="Run it again, or bring the file."
        )
    if len(rows) != results["counts"]["pairs"]:
        raise InputError(
            f"pairs.csv holds {len(rows):,} pairs, audit.json {results['counts']['pairs']:,}",
            where=folder,
            hint="Bring the files of one audit.",
        )
    return {row["case_id"]: row for row in rows}


def _compare(cases: list[str], first: Rows, second: Rows) -> dict[str, Any]:
    found = compare_paired(
        [_fails(first[case]) for case in cases],
        [_fails(second[case]) for case in cases],
        [first[case]["drug"] for case in cases],
        confidence=CONFIDENCE,
    )
    return {} if found is None else asdict(found)


def _slices(cases: list[str], first: Rows, second: Rows) -> list[dict[str, Any]]:
    """Each value of each slice that both audits know, with adjusted p-values and its own decision."""
    groups: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        for name, value in first[case].items():
            if name not in COLUMNS and second[case].get(name) == value:
                groups.setdefault((name, value), []).append(case)
    found = [
        {"slice": name, "value": value} | _compare(group, first, second)
        for (name, value), group in sorted(groups.items())
    ]
    adjusted = holm([row["p_value"] for row in found])
    return [
        row | {"p_adjusted": p, "decision": _decision(row, p)}
        for row, p in zip(found, adjusted, strict=True)
    ]


def _decision(compared: dict[str, Any], p_value: float) -> str:
    if p_value <= 1 - CONFIDENCE and compared["low"] > 0:
        return "regression"
    if p_value <= 1 - CONFIDENCE and compared["high"] < 0:
        return "improvement"
    return "no difference"


def _fails(row: dict[str, str]) -> bool:
    return row["verdict"] in _FAILING


def _judged(row: dict[str, str]) -> bool:
    return row["verdict"] not in _SAID_NOTHING


def _at(results: dict[str, Any], keys: tuple[str, ...]) -> Any:
    found: Any = results
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _from_to(before: Any, after: Any) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
        return f": {', '.join(changed)}"
    shown = [", ".join(v) if isinstance(v, list) else str(v) for v in (before, after)]
    return "" if max(map(len, shown)) > 60 else f" from {shown[0]} to {shown[1]}"
