from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suite.running import run_suite

if TYPE_CHECKING:
    import pytest


def test_the_report_goes_where_it_is_told(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_out = from-ini\n")
    run = pytester.runpytest_inprocess(
        *("--pyargs", "robustness.suite", "-p", "no:randomly", "-k", "determinism"),
        *("--robustness-model=planted:robust", "--robustness-budget=30"),
    )
    run.stdout.fnmatch_lines(["report: from-ini*properties.md"])
    text = (pytester.path / "from-ini" / "properties.md").read_text(encoding="utf-8")
    assert "| baseline-determinism | ok |" in text


def test_a_report_that_cannot_be_written_is_one_clear_line(pytester: pytest.Pytester) -> None:
    (pytester.path / "file").write_text("in the way")
    run = run_suite(pytester, "-k", "determinism", "--robustness-out=file")
    run.stdout.fnmatch_lines(["no report: *"])
