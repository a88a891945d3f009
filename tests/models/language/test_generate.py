"""Greedy generation, against one token at a time without batches or padding."""

from __future__ import annotations

import pytest
import torch

from robustness.errors import ModelError
from robustness.models import Answer, Prompt
from robustness.models.language.generate import MAX_NEW_TOKENS, generate
from robustness.models.language.language_model import LanguageModel
from robustness.models.prompting import PLAIN_STOPS, chosen, cut_at_stops, instruction, plain
from tests.models import tiny

PROMPTS = [
    Prompt("What is metformin used for?"),
    Prompt("gout?", "Metformin is used for type 2 diabetes. " * 3),
    Prompt("How is warfarin taken?", options=("asthma", "gout")),
]


def greedy(language: LanguageModel, prompt: Prompt) -> str:
    """The answer to one prompt, with a full forward pass for each token."""
    ids = torch.tensor([language.ids(language.text(prompt), special=not language.chats)])
    written: list[int] = []
    for _ in range(MAX_NEW_TOKENS):
        if language.seq2seq:
            decoder = torch.tensor([[0, *written]])
            logits = language.model(input_ids=ids, decoder_input_ids=decoder).logits
        else:
            whole = torch.cat([ids, torch.tensor([written], dtype=torch.long)], 1)
            logits = language.model(input_ids=whole).logits
        written.append(int(logits[0, -1].argmax()))
        text = str(language.tokenizer.decode(written, skip_special_tokens=True))
        if written[-1] == 1 or any(stop in text for stop in language.stops):
            break
    return cut_at_stops(text, language.stops).strip()


@pytest.mark.parametrize(
    ("kind", "chat"), [("llama", False), ("llama", True), ("gpt2", False), ("seq2seq", False)]
)
def test_batches_write_what_single_steps_write(kind: str, *, chat: bool) -> None:
    seq2seq = kind == "seq2seq"
    model = tiny.seq2seq() if seq2seq else tiny.causal(kind)
    language = LanguageModel(model, tiny.tokenizer(seq2seq=seq2seq, chat=chat), seq2seq)
    for prompt, answer in zip(PROMPTS, generate(language, PROMPTS), strict=True):
        assert isinstance(answer, Answer)
        with torch.inference_mode():
            expected = greedy(language, prompt)
        assert answer.text == (chosen(expected, prompt.options) if prompt.options else expected)
        assert answer.score is None


def test_a_prompt_without_room_for_an_answer_is_an_error_of_that_prompt_alone() -> None:
    language = LanguageModel(tiny.causal(), tiny.tokenizer(), seq2seq=False)
    long = Prompt("gout " * 20_000)
    error, answer = generate(language, [long, PROMPTS[0]])
    assert isinstance(error, ModelError)
    assert "longer than the model reads" in str(error)
    assert isinstance(answer, Answer)
    assert generate(language, []) == []


def test_wording_holds_everything_once() -> None:
    prompt = Prompt("What is it for?", "A leaflet.", ("asthma", "gout"))
    for text in (instruction(prompt), plain(prompt)):
        for part in ("What is it for?", "A leaflet.", "A. asthma", "B. gout"):
            assert text.count(part) == 1
    assert plain(prompt).endswith("Answer:")
    with pytest.raises(ModelError, match="More options than letters"):
        instruction(Prompt("Which?", options=tuple(map(str, range(27)))))


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ("B", "gout"),
        ("b)", "gout"),
        ("(B) because", "gout"),
        ("**B**", "gout"),
        ("The answer is B.", "gout"),
        ("The correct answer is: A", "asthma"),
        ("Answer: B", "gout"),
        ("Option A.", "asthma"),
        ("GOUT.", "gout"),
        ("It is used against gout", "gout"),
        ("A drug against gout", "gout"),
        ("both asthma and gout", "both asthma and gout"),
        ("I do not know", "I do not know"),
        ("C", "gouty arthritis"),
        ("gouty arthritis", "gouty arthritis"),
        ("for gouty arthritis", "gouty arthritis"),
        ("Z.", "Z."),
        ("", ""),
    ],
)
def test_replies_and_the_options_that_they_choose(reply: str, option: str) -> None:
    assert chosen(reply, ("asthma", "gout", "gouty arthritis")) == option


def test_stops() -> None:
    assert cut_at_stops("a\n\nb\nQuestion: c", PLAIN_STOPS) == "a"
    assert cut_at_stops("a", PLAIN_STOPS) == "a"
