from __future__ import annotations

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs
from robustness.errors import ModelError
from robustness.models import Prompt, load_model
from robustness.verdicts import Verdict, judge, same

PAIRS = make_plan(load_drugs(), seed=3, budget=600).pairs


@pytest.mark.parametrize(
    ("behaviour", "verdict"),
    [
        ("robust", Verdict.CONSISTENT),
        ("fragile", Verdict.WRONG_DRUG),
        ("abstaining", Verdict.ABSTAINED),
    ],
)
def test_planted_defects_are_what_they_say(behaviour: str, verdict: Verdict) -> None:
    model = load_model(f"planted:{behaviour}")
    found = []
    for pair in PAIRS:
        before, after = model.answer([pair.baseline.prompt, pair.case.prompt])
        assert same(before.text, pair.case.gold)
        found.append(judge(pair.case, before.text, after.text).verdict)
    allowed = {verdict} if behaviour != "fragile" else {verdict, Verdict.CONSISTENT}
    assert set(found) == allowed
    assert found.count(verdict) > len(found) / 2


def test_unknown_planted_model() -> None:
    with pytest.raises(ModelError, match="Did you mean 'fragile'"):
        load_model("planted:fragil")


def test_a_question_of_another_kind_gets_no_answer() -> None:
    answer = load_model("planted:robust").answer([Prompt("Why?", "Because.")])[0]
    assert answer.text == ""
