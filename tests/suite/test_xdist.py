"""Two workers share the asking, and find what one finds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from robustness.models import load_model
from robustness.properties import Request, find_property
from robustness.suite.sharing import GroupedAsker, groups
from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_two_workers_give_the_totals_of_one(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, "--robustness-cache=one")
    alone = saved(pytester)
    both = run_suite(pytester, "-n", "2", "--robustness-cache=two", apart=True)
    assert saved(pytester) == alone
    assert both.parseoutcomes() == run.parseoutcomes()


def test_what_a_dead_worker_claimed_is_taken_over(tmp_path: Path) -> None:
    trials = find_property("misspelling-invariance").trials(Request(budget=20))
    prompts = [prompt for trial in trials for prompt in trial.prompts]
    asker = GroupedAsker(tmp_path)
    for group in groups(prompts):
        claim = asker._claim(group, 1)
        assert claim
        claim.write_text(str(2**22 + os.getpid()))  # no process has so large a number
    model = load_model("planted:robust")
    answers = asker(model, prompts, None, lambda _: None, 1)
    assert set(answers) == set(prompts)
