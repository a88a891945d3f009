"""What the shipped suite tests, shows and decides."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.suite.running import run_suite, saved

if TYPE_CHECKING:
    import pytest


def test_a_fragile_model_fails_with_readable_ids_and_counterexamples(
    pytester: pytest.Pytester,
) -> None:
    run = run_suite(pytester, "-v", "-rf", "--junitxml=junit.xml")
    assert run.ret == 1
    run.stdout.fnmatch_lines(
        [
            "robustness: model planted:fragile, data *, seed 0, budget 60",
            "*test_invariance.py::test_property[[]misspelling-invariance-*",
            "*FAIL misspelling-invariance: * of * held (*, 95 % interval *; needed 95%; gate *",
            "*changed the answer from*",
            "*replay: pytest --pyargs robustness.suite --robustness-model planted:fragile "
            "--robustness-replay ????????????",
            "*paste:  @example(pair=pair_of(*",
            "*ok   baseline-determinism*",
            "*skip tokenizer-offsets: does not apply: the model shows no tokenizer",
            "*prompts asked, 0 answers from the cache",
            "*report: out*properties.md",
        ]
    )
    failing = {n for n, one in saved(pytester)["properties"].items() if one["result"] == "FAIL"}
    assert "misspelling-invariance" in failing
    assert "baseline-determinism" not in failing
    properties = [
        {each.get("name"): each.get("value") for each in case.iter("property")}
        for case in ET.parse(pytester.path / "junit.xml").iter("testcase")  # noqa: S314 - our own file
    ]
    one = next(p for p in properties if p.get("counterexamples"))
    assert {"robustness_property", "drug", "trials", "rate", "gate"} <= one.keys()


def test_a_robust_model_passes(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, model="planted:robust")
    assert run.ret == 0
    results = {one["result"] for one in saved(pytester)["properties"].values()}
    assert results == {"ok", "skip"}


def test_one_drug_and_one_property_can_be_chosen(pytester: pytest.Pytester) -> None:
    run_suite(pytester)
    (drug, *_) = [
        one["drug"]
        for one in saved(pytester)["properties"]["misspelling-invariance"]["counterexamples"]
    ]
    run = run_suite(pytester, "-k", drug.split()[0])
    found = saved(pytester)["properties"]
    drugs = {c["drug"] for one in found.values() for c in one["counterexamples"]}
    assert drugs == {drug}
    assert run.ret == 1
    run_suite(pytester, "-m", "unicode_invariance")
    assert list(saved(pytester)["properties"]) == ["unicode-invariance"]


def test_a_property_that_passes_lists_its_counterexamples_all_the_same(
    pytester: pytest.Pytester,
) -> None:
    run = run_suite(pytester, "--robustness-fail-under=0", "-k", "misspelling", "-rP")
    assert run.ret == 0
    run.stdout.fnmatch_lines(["*counterexamples*", "*changed the answer from*"])


def test_nothing_is_asked_when_tests_are_only_listed(pytester: pytest.Pytester) -> None:
    run = run_suite(pytester, "--collect-only", "-q")
    run.stdout.fnmatch_lines(["*misspelling-invariance-*"])
    assert not (pytester.path / "out").exists()


def test_a_property_without_an_answer_fails_and_says_why(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(mute="def answer(question):\n    raise ValueError('out of order')\n")
    run = run_suite(pytester, "-k", "misspelling", model="python:mute:answer")
    assert run.ret == 1
    run.stdout.fnmatch_lines(["*misspelling-invariance tested nothing: none of * trials got*"])


def test_properties_of_ones_own_are_tested_too(pytester: pytest.Pytester) -> None:
    pytester.syspathinsert()
    pytester.makepyfile(
        mine="""
        from robustness.properties import PROPERTIES, register_property

        PROPERTIES.pop("never-tablets", None)

        @register_property("never-tablets", "no answer is tablet")
        def never_tablets(trial, before, after):
            return after.text == "never"
        """
    )
    run = run_suite(
        pytester, "-p", "mine", "-k", "never-tablets", model="planted:robust", budget=150
    )
    from robustness.properties import PROPERTIES

    PROPERTIES.pop("never-tablets", None)
    assert run.ret == 1
    run.stdout.fnmatch_lines(["*never-tablets: does not hold for*"])


def test_the_suite_is_not_collected_with_a_source_tree(pytester: pytest.Pytester) -> None:
    import robustness

    run = pytester.runpytest_inprocess(
        "--collect-only", "-q", "-p", "no:randomly", *robustness.__path__
    )
    run.stdout.no_fnmatch_line("*test_property*")
