from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_one_case_is_asked_again_and_explained(pytester: pytest.Pytester) -> None:
    run_suite(pytester, "--robustness-seed=3")
    found = saved(pytester)["properties"]["misspelling-invariance"]["counterexamples"][0]
    run = run_suite(pytester, f"--robustness-replay={found['id']}", "-v")
    run.assert_outcomes(failed=1, skipped=4)  # modules without a part
    run.stdout.fnmatch_lines([f"*{found['drug']}*", f"*(case {found['id']})*"])
    assert sum(one["trials"] for one in saved(pytester)["properties"].values()) == 1


def test_an_unknown_case_is_one_clear_line(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, "--robustness-replay=000000000000")
    assert run.ret == 2
    assert "No such case" in run.stdout.str() + run.stderr.str()
