"""The second phase of an audit: what was asked becomes what ``audit.json`` holds. This module asks nothing."""

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

from robustness.attribution.xray_summary import Specimen, summarise
from robustness.audit.early_stop import saved, with_bounds
from robustness.drugs import load_known_names, load_look_alikes, table_versions
from robustness.gate import decide, gate
from robustness.results.audit_json import SCHEMA_VERSION, model_record, rounded
from robustness.results.evidence import evidence
from robustness.results.failure_list import failures
from robustness.results.noise_floor import mark_nondeterministic, noise_floor
from robustness.results.pairs_csv import PairRows
from robustness.results.rate_table import all_rates
from robustness.verdicts import Verdict
from robustness.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit.ask_plan import Asked, Timing
    from robustness.audit.plan import Plan
    from robustness.models import QAModel
    from robustness.results.evidence import Watch
    from robustness.results.outcome import Outcome
    from robustness.results.slices import Slices
    from robustness.tokenizers import Tokenizer

_PACKAGES = ("torch", "transformers", "tokenizers", "rapidfuzz", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Record:
    """What the results tell about how the model was loaded and called."""

    task: str | None = None
    """The task that it was loaded for; None for its own."""
    adapter: Path | None = None
    """The adapter that it was loaded with."""
    precision: dict[str, Any] | None = None
    """The number format and how it was checked; None where there is no choice."""
    command: Sequence[str] = ()
    """The command line; empty for this process's own."""


def assemble(
    asked: Asked,
    model: QAModel,
    record: Record,
    *,
    tokenizer: Tokenizer | None,
    known: Slices,
    watched: Sequence[Watch],
) -> dict[str, Any]:
    """The second phase of an audit: put the results together from what was asked.

    Args:
        asked: The outcomes, and what was asked in addition to them.
        model: Who was asked.
        record: How the model was loaded and called.
        tokenizer: The model's, where it has one.
        known: What rates are sliced by.
        watched: The rules of the gate.

    Returns:
        What ``audit.json`` holds, and under ``pairs`` the rows of ``pairs.csv``.
    """
    plan, repeats = asked.plan, asked.early.repeats
    outcomes = mark_nondeterministic(asked.outcomes, repeats)
    results = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(plan, asked.timing, record.command or sys.argv),
        "model": model_record(model, record.task, record.adapter) | {"precision": record.precision},
        "tokenizer": _tokenizer(tokenizer, plan),
        "data": _data(plan),
        "counts": _counts(asked, outcomes),
        "rates": all_rates(outcomes, dict(known), seed=plan.seed),
        "noise_floor": noise_floor(repeats),
        "verdicts": _verdicts(outcomes),
        "gate": _gate(watched, asked),
        "timing": _timing(asked.timing),
        "failures": failures(outcomes, tokenizer),
    }
    for part in asked.parts:
        results |= part.found(asked.answers, outcomes)
    kept: dict[str, Any] = rounded(results)
    return kept | {"pairs": PairRows(outcomes, known)}


def _gate(watched: Sequence[Watch], asked: Asked) -> dict[str, Any]:
    """The noise floor is subtracted, so no pair is left out for noise."""
    early = asked.early
    seen = [evidence(watch, asked.outcomes, early.repeats) for watch in watched]
    decided = gate(decide([w.rule for w in watched], with_bounds(seen, early.bounds)))
    return decided | {"early": saved(asked.planned, early)} if asked.may_stop else decided


def _timing(timing: Timing) -> dict[str, Any]:
    return {
        "wall_seconds": timing.wall_seconds,
        "model_seconds": timing.model_seconds,
        "prompts_asked": timing.asked,
        "prompts_from_store": timing.from_store,
    }


def _run(plan: Plan, timing: Timing, command: Sequence[str]) -> dict[str, Any]:
    versions = {"robustness": __version__, "python": platform.python_version()}
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


def _counts(asked: Asked, outcomes: Sequence[Outcome]) -> dict[str, int]:
    plan = asked.plan
    requests = 2 * len(plan.pairs) + sum(len(part.prompts) for part in asked.parts)
    return {
        "drugs": len({pair.drug.name for pair in plan.pairs}),
        "questions": len({pair.baseline.id for pair in plan.pairs}),
        "pairs": len(plan.pairs),
        "model_calls": asked.prompts,
        "cache_hits": requests - asked.prompts,
        "errors": sum(o.judgement.verdict is Verdict.ERROR for o in outcomes),
        "collisions": len(plan.collisions),
    }


def _verdicts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    counted = Counter(outcome.judgement.verdict for outcome in outcomes)
    return {verdict.value: counted[verdict] for verdict in Verdict}
