from __future__ import annotations

import pytest

from robustness.attribution.explanation import explain_answer, explain_misspelling, explain_tokens
from robustness.misspellings import describe
from robustness.tokenizers import load_tokenizer
from robustness.verdicts import Judgement, Verdict


def test_every_verdict_has_a_sentence() -> None:
    said = {
        explain_answer(Judgement(v, baseline_right=True, right=True, answered_for="warfarin"))
        for v in Verdict
    }
    assert len(said) == len(Verdict)
    assert any("warfarin, another drug" in one for one in said)
    wrong = Judgement(Verdict.CONSISTENT, baseline_right=False, right=False)
    assert explain_answer(wrong) == "The answer held, and is wrong either way."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metormin", "1 edit: 'f' was left out at letter 4."),
        ("metfformin", "1 edit: 'f' was added at letter 4."),
        ("netformim", "2 edits: 'm' became 'n' at letter 1; 'n' became 'm' at letter 9."),
    ],
)
def test_edits_are_told(text: str, words: str) -> None:
    assert explain_misspelling(describe(text, "metformin", "observed")) == words


def test_tokens_are_told() -> None:
    tokenizer = load_tokenizer("reader-clean")
    told = explain_tokens(tokenizer, "lactulose", "lectulose")
    assert "4 pieces, 4 with the correct name" in told
    assert "0% of all pieces in common; the first piece is another one" in told
    assert "same ids" in explain_tokens(tokenizer, "lactulose", "LACTULOSE")
