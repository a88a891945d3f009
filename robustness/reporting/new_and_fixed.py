"""Two audits side by side, from their saved results alone: which failures are new, fixed or the same.

Pairs are matched by case id, which does not depend on the model. This module tests nothing for
significance; it lists what a reader wants to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.reporting.wording import METRIC_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAN = {
    "seed": ("run", "seed"),
    "budget": ("run", "budget"),
    "channels": ("run", "channels"),
    "tables": ("data", "tables"),
    "drugs": ("data", "requested_drugs"),
}
"""What decides which pairs are asked, and where the results say it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An audit against an earlier one."""

    baseline: dict[str, Any]
    """The results of the earlier audit."""
    differences: Sequence[str]
    """What makes the two ask different pairs; empty when they asked the same."""
    new: Sequence[dict[str, Any]]
    """Failures of this audit that the earlier one has not."""
    fixed: Sequence[dict[str, Any]]
    """Failures of the earlier audit that this one has not."""
    same: Sequence[dict[str, Any]]
    """Failures of both, as they are in this audit."""


def compared(results: dict[str, Any], baseline: dict[str, Any]) -> Comparison:
    """Match the failures of two audits.

    Errors and nondeterminism are no failures here: they say nothing about the answer.

    Args:
        results: What ``audit.json`` holds.
        baseline: The same, of the earlier audit.
    """
    now, before = _changed(results), _changed(baseline)
    return Comparison(
        baseline=baseline,
        differences=[
            name
            for name, (part, key) in _PLAN.items()
            if _at(results, part, key) != _at(baseline, part, key)
        ],
        new=[row for case, row in now.items() if case not in before],
        fixed=[row for case, row in before.items() if case not in now],
        same=[row for case, row in now.items() if case in before],
    )


def metric_pairs(results: dict[str, Any], baseline: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Title, earlier rate and present rate of every metric."""
    then, now = baseline["rates"]["overall"], results["rates"]["overall"]
    return [(t, then.get(key), now.get(key)) for key, t in METRIC_TITLES.items() if key in now]


def _changed(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["case_id"]: row for row in results["failures"] if row["severity"] != "none"}


def _at(results: dict[str, Any], part: str, key: str) -> Any:
    return results[part].get(key)
