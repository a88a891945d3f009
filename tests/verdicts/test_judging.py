from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustness.questions import Case, Fact, Leaflet
from robustness.verdicts import (
    Verdict,
    agree,
    chosen_option,
    drug_of,
    holds,
    is_right,
    judge,
    normalise,
    same,
    token_f1,
)

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


@pytest.mark.parametrize(
    ("baseline", "answer", "verdict"),
    [
        ("heparin", "hepparrin", Verdict.CONSISTENT),
        ("Heparin.", "Hepparrin is the safer one.", Verdict.CONSISTENT),
        ("heparin", "warfarin", Verdict.WRONG_DRUG),
        ("warfarin", "Hepparrin", Verdict.RECOVERED),
    ],
)
@pytest.mark.parametrize("options", [(), ("warfarin", "heparin")])
def test_an_answer_may_spell_the_drug_as_the_question_does(
    baseline: str, answer: str, verdict: Verdict, options: tuple[str, ...]
) -> None:
    book = Leaflet("", (), -1, "heparin")
    question = "Which is safer, warfarin or hepparrin?"
    case = Case("2" * 12, "heparin", "mine", "hepparrin", question, book, options)
    judgement = judge(case, baseline, answer)
    assert judgement.verdict is verdict
    assert judgement.baseline_right is (baseline != "warfarin")


@pytest.mark.parametrize(
    ("right", "answer"),
    [
        ("Serotonin Reuptake Inhibitor", "serotonin and norepinephrine reuptake inhibitor"),
        ("Opioid Agonist", "It is an opioid partial agonist."),
    ],
)
def test_a_class_is_no_other_whose_name_has_a_word_more(right: str, answer: str) -> None:
    assert not holds(right, answer)
    assert not holds(answer, right)


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
        ("take one tablet daily with food", "take one tablet daily with water", False),
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


def ask(gold: str, *options: str, also_right: tuple[str, ...] = ()) -> Case:
    book = Leaflet("", (), -1, gold)
    return Case("2" * 12, "warfarin", "x", "warfrin", "?", book, options, also_right)


@pytest.mark.parametrize(
    ("baseline", "answer", "verdict", "other"),
    [
        ("It prevents blood clots.", "Warfrin prevents blood clots.", Verdict.CONSISTENT, ""),
        ("blood clots", "Did you mean Coumadin?", Verdict.ABSTAINED, ""),
        ("blood clots", "I am not sure what warfrin is.", Verdict.ABSTAINED, ""),
        ("blood clots", "Heparin is given under the skin.", Verdict.WRONG_DRUG, "heparin"),
        ("blood clots", "Coumadin is a vitamin.", Verdict.WRONG_ANSWER, ""),
        ("blood clots", "Warfarin, like heparin, is a vitamin.", Verdict.WRONG_ANSWER, ""),
        ("I don't know.", "Sorry, no idea.", Verdict.CONSISTENT, ""),
        ("I don't know.", "blood clots", Verdict.RECOVERED, ""),
        ("thrombosis", "thrombi", Verdict.WRONG_ANSWER, ""),
        ("clots in the legs", "thrombosis", Verdict.RECOVERED, ""),
        ("blood clots", "thrombosis", Verdict.CONSISTENT, ""),
    ],
)
def test_free_answers(baseline: str, answer: str, verdict: Verdict, other: str) -> None:
    judged = judge(ask("blood clots", also_right=("thrombosis",)), baseline, answer)
    assert (judged.verdict, judged.answered_for) == (verdict, other)


def test_a_right_answer_that_is_another_drug_shows_nothing_by_naming_one() -> None:
    case = ask("aspirin")
    assert judge(case, "aspirin", "ibuprofen").verdict is Verdict.WRONG_ANSWER
    assert judge(case, "aspirin", "Ask about aspirin.").verdict is Verdict.CONSISTENT


def test_an_answer_that_gives_another_drugs_fact_beside_the_right_one_is_not_right() -> None:
    assert is_right(CASE, f"for {GOLD}")
    assert not is_right(CASE, f"for {GOLD} or for venous thrombosis")


def test_repeats_that_disagree_are_nondeterministic() -> None:
    case = ask("blood clots")
    assert judge(case, "clots", "clots", repeats=["clots", "Clots."]).verdict is Verdict.CONSISTENT
    judged = judge(case, "blood clots", "blood clots", repeats=["blood clots", "fever"])
    assert (judged.verdict, judged.baseline_right) == (Verdict.NONDETERMINISTIC, True)


def test_nothing_is_right_where_there_is_no_answer() -> None:
    case = ask("")
    assert is_right(case, "")
    assert is_right(case, "The text does not say.")
    assert not is_right(case, "blood clots")


OPTIONS = ("gout", "gouty arthritis", "pain", "A")


@pytest.mark.parametrize(
    ("answer", "option"),
    [
        ("gout", "gout"),
        ("GOUT.", "gout"),
        ("Gouty arthritis", "gouty arthritis"),
        ("It is gouty arthritis.", "gouty arthritis"),
        ("C", "pain"),
        ("(C)", "pain"),
        ("C. pain", "pain"),
        ("Option C", "pain"),
        ("Answer: C", "pain"),
        ("The answer is C.", "pain"),
        ("The correct answer is (b)", None),
        ("B) gouty arthritis", "gouty arthritis"),
        ("gout or pain", None),
        ("A", "A"),
        ("fever", None),
        ("Z", None),
        ("", None),
        ("Certainly not", None),
    ],
)
def test_options_are_chosen_by_text_or_letter(answer: str, option: str | None) -> None:
    assert chosen_option(answer, OPTIONS) == option


def test_choices_are_compared_exactly() -> None:
    case = ask("type 1 diabetes", "type 1 diabetes", "type 2 diabetes", "gout")
    assert judge(case, "type 1 diabetes", "type 2 diabetes").verdict is Verdict.WRONG_ANSWER
    assert judge(case, "A", "type 1 diabetes").verdict is Verdict.CONSISTENT
    assert judge(case, "A", "I cannot tell.").verdict is Verdict.ABSTAINED
    assert judge(case, "A", "fever").verdict is Verdict.WRONG_ANSWER
    assert judge(case, "B", "The answer is A").verdict is Verdict.RECOVERED
    assert agree(case, "fever", "Fever")


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_verdict_can_be_given_on_any_two_texts(a: str, b: str) -> None:
    for case in (CASE, ask("blood clots"), ask("x", "x", "y")):
        assert judge(case, a, a).verdict is Verdict.CONSISTENT
        assert judge(case, a, b) == judge(case, a, b)
