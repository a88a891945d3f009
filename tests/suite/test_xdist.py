"""Two workers share the asking, and find what one finds."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from robustness.models import load_model
from robustness.properties import Request, find_property
from robustness.suite.sharing import GroupedAsker, groups
from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from robustness.models import Prompt


def test_two_workers_give_the_totals_of_one(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, "--robustness-cache=one")
    alone = saved(pytester)
    both = run_suite(pytester, "-n", "2", "--robustness-cache=two", apart=True)
    assert saved(pytester) == alone
    assert both.parseoutcomes() == run.parseoutcomes()


CLAIM_ALL = """
import contextlib, os, sys
from pathlib import Path
from tests.suite.test_xdist import every_prompt
from robustness.suite.sharing import GroupedAsker, groups

asker = GroupedAsker(Path(sys.argv[1]))
held = contextlib.ExitStack()
for group in groups(every_prompt()):
    assert held.enter_context(asker._claimed(group, 1))
print("claimed", flush=True)
sys.stdin.read(1)
os._exit(1)
"""


def every_prompt() -> list[Prompt]:
    trials = find_property("misspelling-invariance").trials(Request(budget=20))
    return [prompt for trial in trials for prompt in trial.prompts]


def test_what_a_dead_worker_claimed_is_taken_over_though_its_process_is_not_reaped(
    tmp_path: Path,
) -> None:
    prompts = every_prompt()
    asker = GroupedAsker(tmp_path)
    worker = subprocess.Popen(
        [sys.executable, "-c", CLAIM_ALL, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert worker.stdin
    assert worker.stdout
    assert worker.stdout.readline() == "claimed\n"
    for group in groups(prompts):
        with asker._claimed(group, 1) as mine:
            assert not mine
    worker.stdin.write("x")
    worker.stdin.close()
    worker.stdout.read()  # ends when it has died; nobody has waited for it, so its number is still taken
    answers = asker(load_model("planted:robust"), prompts, None, lambda _: None, 1)
    assert set(answers) == set(prompts)
    worker.stdout.close()
    assert worker.wait() == 1
