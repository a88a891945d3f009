from __future__ import annotations

import subprocess
import sys

import pytest

TEST = """
    def test_model(robustness_model, robustness_seed):
        assert robustness_model.spec == "planted:robust"
        assert robustness_seed == 7
"""


def test_options(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TEST)
    run = pytester.runpytest("--robustness-model", "planted:robust", "--robustness-seed", "7")
    run.assert_outcomes(passed=1)


def test_ini_twins(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_model = planted:robust\nrobustness_seed = 7\n")
    pytester.makepyfile(TEST)
    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--robustness-model=planted:nothing", "*No such planted model*"),
        ("--robustness-seed=x", "*whole number*"),
    ],
)
def test_bad_options_are_one_clear_line(pytester: pytest.Pytester, option: str, words: str) -> None:
    pytester.makepyfile(TEST)
    run = pytester.runpytest("--robustness-model=planted:robust", "--robustness-seed=7", option)
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines([words])


def test_the_options_are_in_the_help(pytester: pytest.Pytester) -> None:
    pytester.runpytest("--help").stdout.fnmatch_lines(["*--robustness-model=MODEL*"])


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, robustness.pytest_plugin;"
        "print({'torch', 'transformers', 'hypothesis', 'numpy', 'rapidfuzz'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
