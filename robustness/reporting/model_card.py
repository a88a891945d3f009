"""A section for a model card: what the audit found, with the metadata that model hubs read.

The metadata are a ``model-index`` as the Hugging Face hub defines it, in YAML between two lines of three
dashes. This module does not write the rest of a card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.reporting.markdown import cell
from robustness.reporting.wording import (
    DISCLAIMER,
    METRIC_TITLES,
    counted,
    rate_rows,
    verdict_sentence,
)

if TYPE_CHECKING:
    from robustness.reporting.new_and_fixed import Comparison

_TASK = "question-answering"


def card_report(results: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The section as Markdown text, its metadata first."""
    import yaml

    metadata = yaml.safe_dump(_metadata(results), sort_keys=False, allow_unicode=True)
    overall, run = results["rates"]["overall"], results["run"]
    severities = [row["severity"] for row in results["failures"]]
    against = [f"Against an earlier audit: {_change(comparison)}.", ""] if comparison else []
    lines = [
        "## Robustness to misspelled drug names",
        "",
        verdict_sentence(results),
        "",
        *against,
        "| metric | share (95 % interval) |",
        "|---|---|",
        *(f"| {title} | {rate} |" for title, rate in rate_rows(overall)),
        "",
        f"Measured by robustness {cell(run['versions']['robustness'])} on "
        f"{counted(results['counts']['pairs'], 'pair')} of {counted(results['counts']['drugs'], 'drug')}, "
        f"seed {run['seed']}, channels {cell(', '.join(run['channels']))}; model "
        f"{cell(results['model']['spec'])}, fingerprint {cell(results['model']['fingerprint'])}. "
        f"{counted(severities.count('critical'), 'change')} critical: another drug's answer, where the drug "
        "meant is high-risk or the two are listed look-alikes.",
        "",
        DISCLAIMER,
    ]
    return f"---\n{metadata}---\n" + "\n".join(lines) + "\n"


def _metadata(results: dict[str, Any]) -> dict[str, Any]:
    metrics = [
        {"type": name, "name": METRIC_TITLES[name], "value": rate["estimate"], "verified": False}
        for name, rate in results["rates"]["overall"].items()
        if rate is not None and name in METRIC_TITLES
    ]
    entry = {
        "task": {"type": _TASK, "name": "Question answering about prescription drugs"},
        "dataset": {
            "type": "medqa-robustness",
            "name": "Misspelled drug names",
            "revision": str(results["data"]["tables"].get("misspellings", "")),
        },
        "metrics": metrics,
    }
    return {
        "tags": ["robustness", "drug-names", "misspellings"],
        "model-index": [{"name": results["model"]["spec"], "results": [entry]}],
    }


def _change(comparison: Comparison) -> str:
    return (
        f"{len(comparison.new):,} new failures, {len(comparison.fixed):,} fixed, "
        f"{len(comparison.same):,} the same"
    )
