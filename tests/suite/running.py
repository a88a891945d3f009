"""Run the shipped suite inside a test, on a few trials of a planted model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

# what the suite imports stays loaded between the runs of one process
import robustness.strategies  # noqa: F401
from robustness.statistics import clustered_rate

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

clustered_rate([True, False], ["a", "b"])  # packages that are imported late
SUITE = ("--pyargs", "robustness.suite", "-p", "no:randomly")


def run_suite(
    pytester: pytest.Pytester,
    *options: str,
    model: str = "planted:fragile",
    budget: int = 60,
    apart: bool = False,
) -> pytest.RunResult:
    """Run it in this process, or apart where plugins need that."""
    run = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
    chosen = [f"--robustness-model={model}"] if model else []
    chosen += [f"--robustness-budget={budget}"] if budget else []
    return run(*SUITE, "--robustness-out=out", *chosen, *options)


def saved(pytester: pytest.Pytester, folder: str = "out") -> dict[str, Any]:
    """What the suite saved."""
    path: Path = pytester.path / folder / "properties.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
