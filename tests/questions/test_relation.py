from __future__ import annotations

import pytest

from robustness.errors import InputError
from robustness.questions.relation import Relation


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("What is {drug}?", "{value} is what {drug} is.", "begins with its value"),
        ("What is it?", "{drug} is {value}.", "must hold"),
        ("What is {drug}?", "{drug} is {drug}.", "must hold"),
    ],
)
def test_a_phrasing_that_cannot_be_used_is_a_named_error(
    question: str, sentence: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        Relation("odd", (question,), (sentence,), lambda drug: drug.name)
