from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_the_ini_twin_names_the_model(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrobustness_model = planted:robust\n")
    assert run_suite(pytester, "-k", "determinism", model="").ret == 0
    assert saved(pytester)["model"]["spec"] == "planted:robust"


def test_a_wrong_model_is_one_clear_line(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, model="planted:fragil")
    assert run.ret == 2
    text = run.stdout.str() + run.stderr.str()
    assert "Did you mean 'fragile'" in text
    assert "Traceback" not in text


def test_five_lines_of_a_users_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_metformin(assert_consistent):
            assert_consistent("metformin", "warfarin", max_edits=1, examples=40)

        def test_the_model_is_the_one_of_the_option(qa_model, robustness_model, robustness_seed):
            assert qa_model is robustness_model
            assert (qa_model.spec, robustness_seed) == ("planted:fragile", 0)

        def test_tokenizer(tokenizer):
            raise AssertionError("this model shows none")
        """
    )
    run = pytester.runpytest_inprocess("--robustness-model=planted:fragile", "-p", "no:randomly")
    run.assert_outcomes(failed=1, passed=1, skipped=1)
    run.stdout.fnmatch_lines(["*(1 edit) changed the answer*", "*@example(pair=pair_of(*"])
