"""The saved results of an audit: put together, written and read again.

``audit.json`` is the one data model; every report is made from it alone. Keys are sorted and floats
rounded to 6 digits, so equal audits give equal files but for ``run`` and ``timing``.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import robustness
from robustness.audit.pairs import PairRows, write_pairs
from robustness.audit.rates import all_rates
from robustness.audit.severity import severity
from robustness.audit.tokenizer_summary import Specimen, summarise
from robustness.audit.traits import probability
from robustness.drugs import load_known_names, load_look_alikes, table_versions
from robustness.errors import InputError
from robustness.files import whole_file
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.plan import Pair, Plan
    from robustness.audit.slices import Slices
    from robustness.models import Answer, QAModel
    from robustness.tokenizers import Tokenizer
    from robustness.verdicts import Judgement

SCHEMA_VERSION = 2
# 1: first version.
# 2: noise_floor; rates.bootstrap, rates.worst_case and the metric critical; gate rules with slice,
#    confidence, estimate and p-values; every pair in pairs.csv beside it.
READABLE_VERSIONS = (1, 2)
FILE_NAME = "audit.json"
_PACKAGES = ("torch", "transformers", "tokenizers", "rapidfuzz", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One pair, what was answered and what that shows."""

    pair: Pair
    baseline_answer: Answer | None
    """The answer to the correct name; None where the model failed."""
    answer: Answer | None
    """The answer to the misspelled name; None where the model failed."""
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Timing:
    """What differs between two runs of the same audit."""

    began: datetime
    wall_seconds: float
    model_seconds: float
    asked: int
    """Prompts that the model was asked in this run."""
    from_store: int
    """Prompts whose answers were in the store."""


def model_record(model: QAModel, task: str | None, adapter: Path | None) -> dict[str, Any]:
    """Which model was asked, as saved results tell it.

    Args:
        model: The model.
        task: The task that it was loaded for; None for its own.
        adapter: The adapter that it was loaded with.
    """
    return {
        "spec": model.spec,
        "kind": model.kind,
        "fingerprint": model.fingerprint,
        "task": task,
        "adapter": str(adapter) if adapter else None,
    }


def assemble(
    plan: Plan,
    model: QAModel,
    *,
    task: str | None,
    adapter: Path | None,
    precision: dict[str, Any] | None,
    tokenizer: Tokenizer | None,
    outcomes: Sequence[Outcome],
    slices: Slices,
    gate: dict[str, Any],
    noise_floor: dict[str, Any] | None,
    attribution: dict[str, Any],
    extras: dict[str, Any],
    requests: int,
    prompts: int,
    timing: Timing,
    command: Sequence[str],
) -> dict[str, Any]:
    """Put the results of an audit together.

    Args:
        plan: Its pairs are those that were judged.
        model: Who was asked.
        task: What it was asked to do, where that was said.
        adapter: What was put on it.
        precision: The number format and how it was checked; None where there is no choice.
        tokenizer: The model's, where it has one.
        outcomes: One a pair, in the plan's order.
        slices: What rates are sliced by.
        gate: The decision.
        noise_floor: What changed without a misspelling.
        attribution: The tokenizer's part.
        extras: Further keys, those of `robustness.audit.extras`.
        requests: How many answers the pairs and all that is asked beside them need.
        prompts: How many distinct prompts these are.
        timing: What differs between two runs.
        command: The command line.

    Returns:
        What ``audit.json`` holds, and under ``pairs`` the rows of ``pairs.csv``.
    """
    results = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(plan, timing, command),
        "model": model_record(model, task, adapter) | {"precision": precision},
        "tokenizer": _tokenizer(tokenizer, plan),
        "attribution": attribution,
        "data": _data(plan),
        "counts": _counts(plan, outcomes, requests=requests, prompts=prompts),
        "rates": all_rates(outcomes, dict(slices), seed=plan.seed),
        "noise_floor": noise_floor,
        "verdicts": _verdicts(outcomes),
        "gate": gate,
        "timing": {
            "wall_seconds": timing.wall_seconds,
            "model_seconds": timing.model_seconds,
            "prompts_asked": timing.asked,
            "prompts_from_store": timing.from_store,
        },
        "failures": _failures(outcomes, tokenizer),
    }
    rounded: dict[str, Any] = _rounded(results | extras)
    return rounded | {"pairs": PairRows(outcomes, slices)}


def save_results(results: dict[str, Any], folder: Path) -> Path:
    """Write ``audit.json`` and ``pairs.csv`` into a folder, each whole or not at all.

    Results that were read from a folder hold no pairs; its ``pairs.csv`` stays as it is.

    Raises:
        OutputError: They cannot be written.
    """
    path = folder / FILE_NAME
    kept = {key: value for key, value in results.items() if key != "pairs"}
    if "pairs" in results:
        write_pairs(results["pairs"], folder)
    with whole_file(path) as file:
        json.dump(kept, file, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        file.write("\n")
    return path


def load_results(folder: Path) -> dict[str, Any]:
    """Read ``audit.json`` from the folder of an audit.

    Raises:
        InputError: There is none, it is not JSON, or its schema is another one.
    """
    path = folder / FILE_NAME
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            "No audit in this folder", where=folder, hint="Run: robustness audit --out FOLDER."
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"Not an audit ({error})", where=path, hint="Run it again.") from error
    found = results.get("schema_version") if isinstance(results, dict) else None
    if found not in READABLE_VERSIONS:
        raise InputError(
            "Unknown schema version",
            where=path,
            value=found,
            hint=f"This version of the tool reads {', '.join(map(str, READABLE_VERSIONS))}; "
            "run the audit again.",
        )
    loaded: dict[str, Any] = results
    return loaded


def _run(plan: Plan, timing: Timing, command: Sequence[str]) -> dict[str, Any]:
    versions = {"robustness": robustness.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "versions": versions,
        "seed": plan.seed,
        "budget": plan.budget,
        "channels": list(plan.channels),
        "command": [Path(command[0]).name, *command[1:]],
        "started": timing.began.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "python": sys.implementation.name,
        },
    }


def _tokenizer(tokenizer: Tokenizer | None, plan: Plan) -> dict[str, Any] | None:
    if tokenizer is None:
        return None
    specimens = {
        (pair.misspelling.intended, pair.misspelling.text): Specimen(
            pair.misspelling.intended,
            pair.misspelling.text,
            pair.misspelling.channel,
            pair.misspelling.distance,
        )
        for pair in plan.pairs
    }
    chosen = [specimens[key] for key in sorted(specimens)]
    names = sorted({one.name for one in chosen})
    return {
        "name": tokenizer.name,
        "fingerprint": tokenizer.fingerprint,
        "xray": summarise(tokenizer, chosen, names, load_look_alikes()),
    }


def _data(plan: Plan) -> dict[str, Any]:
    return {
        "tables": table_versions(),
        "drugs": sorted({pair.drug.name for pair in plan.pairs}),
        "requested_drugs": sorted(plan.drugs),
        "known_names": len(load_known_names()),
        "misspellings": len({(p.misspelling.intended, p.misspelling.text) for p in plan.pairs}),
        "source": plan.source,
        "skipped_rows": list(plan.skipped_rows),
        "rejected_collisions": [asdict(collision) for collision in plan.collisions],
    }


def _counts(
    plan: Plan, outcomes: Sequence[Outcome], *, requests: int, prompts: int
) -> dict[str, int]:
    return {
        "drugs": len({pair.drug.name for pair in plan.pairs}),
        "questions": len({pair.baseline.id for pair in plan.pairs}),
        "pairs": len(plan.pairs),
        "model_calls": prompts,
        "cache_hits": requests - prompts,
        "errors": sum(o.judgement.verdict is Verdict.ERROR for o in outcomes),
        "collisions": len(plan.collisions),
    }


def _verdicts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    counted = Counter(outcome.judgement.verdict for outcome in outcomes)
    return {verdict.value: counted[verdict] for verdict in Verdict}


def _failures(outcomes: Sequence[Outcome], tokenizer: Tokenizer | None) -> list[dict[str, Any]]:
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


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
