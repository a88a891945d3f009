"""Choosing by likelihood, against full forward passes and against sums over the vocabulary."""

from __future__ import annotations

import math

import pytest
import torch

from robustness.errors import ModelError
from robustness.models import Answer, Prompt
from robustness.models.language import language_model as language_module
from robustness.models.language import likelihood as likelihood_module
from robustness.models.language.choice import choose, option_rows
from robustness.models.language.language_model import LanguageModel, groups
from robustness.models.language.likelihood import plain_scores, scores
from tests.models import tiny

OPTIONS = ("type 2 diabetes", "blood clots", "gout", "high blood pressure")
PROMPTS = [
    Prompt("What is metformin used for?", options=OPTIONS),
    Prompt("What is warfarin used for?", options=OPTIONS[::-1]),
    Prompt("How is this medicine taken?", "Metformin is used for gout.", ("asthma", "gout")),
    Prompt("gout?", options=("a", "it", "asthma")),
]


def make(kind: str, *, chat: bool = False) -> LanguageModel:
    seq2seq = kind == "seq2seq"
    model = tiny.seq2seq() if seq2seq else tiny.causal(kind)
    return LanguageModel(model, tiny.tokenizer(seq2seq=seq2seq, chat=chat), seq2seq)


def all_rows(language: LanguageModel) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [row for p in PROMPTS for pair in option_rows(language, p) for row in pair]


@pytest.mark.parametrize("kind", ["llama", "gpt2", "sliding", "seq2seq"])
@pytest.mark.parametrize("chat", [False, True])
@pytest.mark.parametrize("crowded", [False, True])
def test_shared_prefixes_change_no_score(
    kind: str, *, chat: bool, crowded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowded:  # many small groups instead of one
        monkeypatch.setattr(likelihood_module, "TOKENS_AT_ONCE", 25)
        monkeypatch.setattr(likelihood_module, "_LOGITS_AT_ONCE", 6)
        monkeypatch.setattr(language_module, "TOKENS_AT_ONCE", 25)
    language = make(kind, chat=chat)
    rows = all_rows(language)
    assert len(set(rows)) > 10
    assert scores(language, rows) == pytest.approx(plain_scores(language, rows), abs=1e-4)


def test_plain_scores_are_log_probabilities() -> None:
    language = make("llama")
    prefix, vocabulary = (5, 6, 7), range(160)
    total = sum(math.exp(s) for s in plain_scores(language, [(prefix, (w,)) for w in vocabulary]))
    assert total == pytest.approx(1, abs=1e-4)
    first, both = plain_scores(language, [(prefix, (9,)), (prefix, (9, 4))])
    (second,) = plain_scores(language, [((*prefix, 9), (4,))])
    assert both == pytest.approx(first + second, abs=1e-4)


@pytest.mark.parametrize("kind", ["llama", "seq2seq"])
def test_the_order_of_options_and_the_batch_do_not_matter(kind: str) -> None:
    language = make(kind)
    forwards = choose(language, PROMPTS)
    backwards = choose(
        language, [Prompt(p.question, p.context, p.options[::-1]) for p in reversed(PROMPTS)]
    )[::-1]
    alone = [choose(language, [prompt])[0] for prompt in PROMPTS]
    for one, two, three, prompt in zip(forwards, backwards, alone, PROMPTS, strict=True):
        assert isinstance(one, Answer)
        assert isinstance(two, Answer)
        assert isinstance(three, Answer)
        assert one.text == two.text == three.text
        assert one.text in prompt.options
        assert one.score == pytest.approx(two.score, abs=1e-4)
        assert one.score == pytest.approx(three.score, abs=1e-4)
        assert one.score is not None
        assert one.score >= 1 / len(prompt.options) - 1e-9


def test_an_option_that_is_probable_by_itself_gains_nothing() -> None:
    language = make("llama")
    favoured = OPTIONS[2]
    with torch.no_grad():  # whatever was read, the words of this option become far more probable
        head = language.model.get_output_embeddings()
        head.bias = torch.nn.Parameter(torch.zeros(160))
        for word in language.tokenizer(" " + favoured)["input_ids"]:
            head.bias[word] = 4.0
    before, after = choose(make("llama"), PROMPTS[:2]), choose(language, PROMPTS[:2])
    for one, two in zip(before, after, strict=True):
        assert isinstance(one, Answer)
        assert isinstance(two, Answer)
        assert one.text in {two.text, favoured}


@pytest.mark.parametrize("kind", ["llama", "seq2seq"])
def test_the_length_of_an_option_gains_and_costs_nothing(kind: str) -> None:
    language = make(kind)
    with torch.no_grad():  # every word is as probable as any other, whatever was read
        for weights in language.model.parameters():
            weights.zero_()
    prompt = Prompt("What is it for?", options=("gout", "high blood pressure and type 2 diabetes"))
    short, long = (row for row, _ in option_rows(language, prompt))
    assert len(long[1]) > len(short[1])
    assert plain_scores(language, [short])[0] > plain_scores(language, [long])[0] + 1
    (answer,) = choose(language, [prompt])
    assert isinstance(answer, Answer)
    assert answer.score == pytest.approx(0.5, abs=1e-6)


def test_what_cannot_be_chosen_from_is_an_error_of_that_prompt_alone() -> None:
    prompts = [
        Prompt("What?"),
        Prompt("What?", options=("gout",)),
        PROMPTS[0],
        Prompt("gout " * 20_000, options=OPTIONS),
    ]
    none, one, fine, long = choose(make("llama"), prompts)
    assert isinstance(none, ModelError)
    assert isinstance(one, ModelError)
    assert "two options" in str(one)
    assert isinstance(fine, Answer)
    assert "longer than the model reads" in str(long)


def test_groups_keep_every_row_and_their_limit() -> None:
    lengths = [7, 30, 1, 7, 12, 3, 3]
    found = groups(lengths, limit=30)
    assert sorted(i for group in found for i in group) == list(range(len(lengths)))
    assert all(len(g) == 1 or len(g) * max(lengths[i] for i in g) <= 30 for g in found)
