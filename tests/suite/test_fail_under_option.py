from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    from _pytest.config import ExitCode


@pytest.mark.parametrize(("threshold", "code"), [("0.01", 0), ("0.99", 1)])
def test_the_rate_decides(pytester: pytest.Pytester, threshold: str, code: ExitCode) -> None:
    pytester.makeini(f"[pytest]\nrobustness_fail_under = {threshold}\n")
    run = run_suite(pytester, "-m", "misspelling_invariance")
    assert run.ret == code
    assert saved(pytester)["fail_under"] == float(threshold)


@pytest.mark.parametrize("wrong", ["2", "much"])
def test_a_wrong_threshold_is_one_clear_line(pytester: pytest.Pytester, wrong: str) -> None:
    run = run_suite(pytester, f"--robustness-fail-under={wrong}")
    assert run.ret == 2
    assert "from 0 to 1" in run.stdout.str() + run.stderr.str()
