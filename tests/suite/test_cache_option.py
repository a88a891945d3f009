from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_answers_are_asked_for_once(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_cache = kept\n")
    run_suite(pytester)
    first = saved(pytester)
    run_suite(pytester)
    second = saved(pytester)
    assert second["properties"] == first["properties"]
    assert first["prompts"]["from_cache"] == 0
    assert second["prompts"] == {"asked": 0, "from_cache": first["prompts"]["asked"]}


def test_what_failed_runs_first_next_time_even_with_another_seed(
    pytester: pytest.Pytester,
) -> None:
    options = ("--robustness-cache=kept", "-m", "misspelling_invariance", "-v")
    run_suite(pytester, *options)
    (records,) = json.loads((pytester.path / "kept" / "failing.json").read_text()).values()
    run = run_suite(pytester, *options, "--robustness-seed=9")
    tried = [line for line in run.stdout.lines if "test_property[" in line]
    assert any(
        f"-{records[0]['drug'].replace(' ', '_')}]" in line for line in tried[: len(records)]
    )
    ids = {
        c["id"] for c in saved(pytester)["properties"]["misspelling-invariance"]["counterexamples"]
    }
    assert {one["id"] for one in records} <= ids


def test_a_damaged_file_of_failures_is_no_hindrance(pytester: pytest.Pytester) -> None:
    (pytester.path / "kept").mkdir()
    (pytester.path / "kept" / "failing.json").write_text("{")
    assert run_suite(pytester, "--robustness-cache=kept", "-k", "determinism").ret == 0
