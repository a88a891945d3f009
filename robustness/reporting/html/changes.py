"""The section that compares with an earlier audit: rates side by side, and failures new and fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustness.reporting.html.failures import Failure, failure
from robustness.reporting.html.sections import Table
from robustness.reporting.new_and_fixed import metric_pairs
from robustness.reporting.wording import counted, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.reporting.new_and_fixed import Comparison

_MOST_FAILURES = 200


@dataclass(frozen=True, slots=True)
class ListedChanges:
    """Failures that came or went, up to `_MOST_FAILURES`."""

    caption: str
    failures: Sequence[Failure]
    linked: bool
    """Whether they are in the list of all failures of this report."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the section shows."""

    baseline: str
    """The model of the earlier audit, and when it was done."""
    differences: str
    """What makes the two audits ask different pairs; empty when they asked the same."""
    same: int
    rates: Table
    lists: Sequence[ListedChanges]


def changes(results: dict[str, Any], comparison: Comparison) -> Changes:
    """Prepare the section."""
    earlier = comparison.baseline
    rows = [
        [title, interval(then), interval(now), _points(then, now)]
        for title, then, now in metric_pairs(results, earlier)
    ]
    columns = ["Metric", "Earlier audit", "This audit", "Change in points"]
    return Changes(
        baseline=f"{earlier['model']['spec']} ({earlier['model']['fingerprint']}), "
        f"{earlier['run']['started'][:10]}",
        differences=", ".join(comparison.differences),
        same=len(comparison.same),
        rates=Table("Shares with 95 % intervals, earlier and now", columns, rows),
        lists=[
            _listed("new", comparison.new, linked=True),
            _listed("fixed", comparison.fixed, linked=False),
        ],
    )


def _listed(kind: str, rows: Sequence[dict[str, Any]], *, linked: bool) -> ListedChanges:
    shown = [failure(row) for row in rows[:_MOST_FAILURES]]
    of = f"{len(shown)} of " if len(shown) < len(rows) else ""
    return ListedChanges(of + counted(len(rows), f"{kind} failure"), shown, linked)


def _points(then: dict[str, Any] | None, now: dict[str, Any] | None) -> str:
    if not then or not now:
        return "\N{EN DASH}"
    return f"{(now['estimate'] - then['estimate']) * 100:+.1f}".replace("-", "\N{MINUS SIGN}")
