"""The saved results of an audit: put together, written and read again.

``audit.json`` is the one data model; every report is made from it alone. Keys are sorted and floats
rounded to 6 digits, so equal audits give equal files but for ``run`` and ``timing``.
"""

from __future__ import annotations

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
from robustness.attribution.xray_summary import Specimen, summarise
from robustness.drugs import load_known_names, load_look_alikes, table_versions
from robustness.results.audit_json import SCHEMA_VERSION, model_record, rounded
from robustness.results.failure_list import failures
from robustness.results.pairs_csv import PairRows
from robustness.results.rate_table import all_rates
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.plan import Plan
    from robustness.models import QAModel
    from robustness.results.outcome import Outcome
    from robustness.results.slices import Slices
    from robustness.tokenizers import Tokenizer

_PACKAGES = ("torch", "transformers", "tokenizers", "rapidfuzz", "numpy", "scipy")


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
        extras: Further keys, those of `robustness.audit.further_cases`.
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
        "failures": failures(outcomes, tokenizer),
    }
    saved: dict[str, Any] = rounded(results | extras)
    return saved | {"pairs": PairRows(outcomes, slices)}


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
