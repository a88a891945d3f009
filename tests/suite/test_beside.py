"""Beside other plugins: random order, time limits and coverage change nothing that is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_other_plugins_change_nothing(pytester: pytest.Pytester) -> None:
    run_suite(pytester, "--robustness-cache=one")
    alone = saved(pytester)
    run = pytester.runpytest_subprocess(
        *("--pyargs", "robustness.suite", "--robustness-model=planted:fragile"),
        *("--robustness-budget=60", "--robustness-out=out", "--robustness-cache=two"),
        *("--timeout=60", "--cov=robustness.suite"),
    )
    run.stdout.fnmatch_lines(["*--randomly-seed=*"])
    assert "robustness/suite" in run.stdout.str()
    assert saved(pytester) == alone
