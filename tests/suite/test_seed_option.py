from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_the_seed_decides_what_is_tried(pytester: pytest.Pytester) -> None:
    found: list[dict[str, Any]] = []
    for seed in ("0", "0", "5"):
        run_suite(pytester, "--robustness-cache", f"cache{len(found)}", f"--robustness-seed={seed}")
        found.append(saved(pytester) | {"prompts": None})
    assert found[0] == found[1] != found[2]
    assert found[2]["seed"] == 5


def test_the_ini_twin_and_a_wrong_seed(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_seed = 7\n")
    run_suite(pytester, "-k", "determinism")
    assert saved(pytester)["seed"] == 7
    run = run_suite(pytester, "--robustness-seed=x")
    assert run.ret == 2
    assert "whole number" in run.stdout.str() + run.stderr.str()
