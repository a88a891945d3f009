from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustness.questions import Case, Fact, Leaflet
from robustness.verdicts import Verdict, drug_of, judge, normalise, same, token_f1

LEAFLET = Leaflet(
    text="(not read)",
    facts=(
        Fact("metformin", "indication", "type 2 diabetes mellitus"),
        Fact("warfarin", "indication", "venous thrombosis"),
        Fact("warfarin", "warning", "bleeding"),
        Fact("heparin", "warning", "bleeding"),
        Fact("insulin lispro", "indication", "diabetes mellitus"),
    ),
    answer_start=0,
    answer="type 2 diabetes mellitus",
)
CASE = Case("0" * 12, "metformin", "indication", "metfromin", "What is it for?", LEAFLET)
GOLD = LEAFLET.answer


@pytest.mark.parametrize(
    ("baseline", "answer", "verdict"),
    [
        (GOLD, GOLD, Verdict.CONSISTENT),
        (GOLD, "Type 2 diabetes mellitus.", Verdict.CONSISTENT),
        ("nonsense", "nonsense", Verdict.CONSISTENT),
        (GOLD, "venous thrombosis", Verdict.WRONG_DRUG),
        (GOLD, "the Venous Thrombosis", Verdict.WRONG_DRUG),
        (GOLD, "type 1 diabetes mellitus", Verdict.WRONG_ANSWER),
        (GOLD, "diabetes mellitus", Verdict.WRONG_DRUG),
        (GOLD, "high blood pressure", Verdict.WRONG_ANSWER),
        (GOLD, "", Verdict.ABSTAINED),
        (GOLD, " ... ", Verdict.ABSTAINED),
        ("venous thrombosis", GOLD, Verdict.RECOVERED),
        ("venous thrombosis", "bleeding", Verdict.WRONG_DRUG),
    ],
)
def test_verdicts(baseline: str, answer: str, verdict: Verdict) -> None:
    assert judge(CASE, baseline, answer).verdict is verdict


def test_the_drug_answered_for_is_the_one_that_states_the_fact_asked_about() -> None:
    case = Case("1" * 12, "metformin", "warning", "metfromin", "What is dangerous?", LEAFLET)
    assert drug_of(case, "bleeding") == "warfarin"
    assert drug_of(case, "venous thrombosis") == "warfarin"
    assert drug_of(case, GOLD) == ""


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("10 mg", "100 mg", False),
        ("0.5 mg", "5 mg", False),
        ("2.5 mg daily", "2.5 mg, daily", True),
        ("take one tablet daily with food", "take one tablet daily with water", True),
        ("take 1 tablet daily with food", "take 2 tablet daily with food", False),
        ("HIV\N{NON-BREAKING HYPHEN}1 infection", "hiv-1 infection", True),
        ("ﬁbromyalgia", "fibromyalgia", True),
        ("", "", True),
        ("", "x", False),
    ],
)
def test_same(a: str, b: str, *, expected: bool) -> None:
    assert same(a, b) is expected
    assert same(b, a) is expected


@given(st.text(), st.text())
def test_same_is_symmetric_and_reflexive(a: str, b: str) -> None:
    assert same(a, a)
    assert same(a, b) == same(b, a)
    assert normalise(normalise(a)) == normalise(a)


def test_token_f1_against_precision_and_recall() -> None:
    a, b = ["severe", "skin", "rash", "rash"], ["skin", "rash", "today"]
    precision, recall = 2 / 4, 2 / 3
    assert token_f1(a, b) == pytest.approx(2 * precision * recall / (precision + recall))
