"""What a session of the suite leaves behind: a summary on the terminal, and two files.

``properties.json`` holds everything, ``properties.md`` the same for readers. Nothing is asked here.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from robustness.drugs import table_versions
from robustness.files import make_folder, write_text
from robustness.suite.parts import SHOWN, counterexample_lines, rate_words
from robustness.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from robustness.properties import Finding
    from robustness.suite.session import SuiteSession

SCHEMA_VERSION = 1


def summarised(session: SuiteSession) -> dict[str, Any]:
    """Everything that a session found, as ``properties.json`` holds it."""
    subject = session.subject
    return {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "model": {
            "spec": session.model.spec,
            "kind": session.model.kind,
            "fingerprint": session.model.fingerprint,
        },
        "data": table_versions(),
        "seed": session.seed,
        "budget": session.budget,
        "fail_under": session.threshold,
        "prompts": {"asked": subject.asked, "from_cache": subject.from_store},
        "setbacks": subject.setbacks[:20],
        "properties": {
            name: _property(finding, session) for name, finding in session.findings.items()
        },
    }


def merged(summaries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One summary of what several workers found: they judge the same trials and share the asking."""
    first = summaries[0]
    total = sum(first["prompts"].values())
    asked = sum(one["prompts"]["asked"] for one in summaries)
    return first | {"prompts": {"asked": asked, "from_cache": max(0, total - asked)}}


def write_summary(summary: dict[str, Any], folder: Path) -> Path:
    """Write both files; returns the one for readers.

    Raises:
        OutputError: They cannot be written.
    """
    make_folder(folder)
    write_text(folder / "properties.json", json.dumps(summary, indent=1, sort_keys=True) + "\n")
    write_text(folder / "properties.md", "\n".join(_markdown(summary)) + "\n")
    return folder / "properties.md"


def summary_lines(summary: dict[str, Any]) -> list[str]:
    """What the terminal shows at the end."""
    lines = []
    for name, found in summary["properties"].items():
        lines.append(f"{found['result']:<4} {name}: {found['words']}")
        for one in found["counterexamples"][:SHOWN]:
            lines += [f"     {line}" for line in one["lines"]]
    prompts = summary["prompts"]
    lines.append(
        f"{prompts['asked']} prompts asked, {prompts['from_cache']} answers from the cache"
    )
    return lines


def _property(finding: Finding, session: SuiteSession) -> dict[str, Any]:
    rate = finding.rate
    result = "skip" if finding.skipped else "ok" if finding.passed else "FAIL"
    return {
        "description": finding.of.description,
        "result": result,
        "words": rate_words(finding),
        "gate": finding.decision.value,
        "rate": asdict(rate) if rate else None,
        "trials": len(finding.outcomes),
        "errors": len(finding.outcomes) - len(finding.judged),
        "counterexamples": [
            {
                "id": one.trial.id,
                "drug": one.trial.drug,
                "label": one.trial.label,
                "edits": one.trial.size.edits,
                "violation": type(one.violation).__name__,
                "answers": list(one.answers),
                "lines": counterexample_lines(one, spec=session.model.spec, seed=session.seed),
            }
            for one in finding.counterexamples
        ],
    }


def _markdown(summary: dict[str, Any]) -> list[str]:
    lines = [f"# Properties of {summary['model']['spec']}", ""]
    lines += ["| property | result | rate |", "|---|---|---|"]
    lines += [
        f"| {name} | {found['result']} | {found['words']} |"
        for name, found in summary["properties"].items()
    ]
    for name, found in summary["properties"].items():
        if found["counterexamples"]:
            lines += ["", f"## {name}", "", found["description"], "", "```"]
            lines += [line for one in found["counterexamples"] for line in one["lines"]]
            lines += ["```"]
    return lines
