from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_the_budget_bounds_what_is_asked(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_budget = 40\n")
    run_suite(pytester, budget=0)
    few = saved(pytester)
    run_suite(pytester, "--robustness-cache=other", budget=120)
    many = saved(pytester)
    assert sum(one["trials"] for one in few["properties"].values()) <= 40
    assert few["prompts"]["asked"] < many["prompts"]["asked"] <= 2 * 120


def test_a_budget_must_allow_a_trial(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, "--robustness-budget=0", budget=0)
    assert run.ret == 2
    assert "Not a budget" in run.stdout.str() + run.stderr.str()
