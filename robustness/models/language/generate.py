"""Write an answer word by word, always the most probable next token (greedy).

Prompts of similar length are generated together, padded on the left, so that each goes on from its own
last token. An answer ends at the model's end of text, at a stop string, or after `MAX_NEW_TOKENS`. No score
is given: the probability of a greedy text says little about the answer in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError
from robustness.models.device import on
from robustness.models.language.language_model import groups
from robustness.models.prompting import chosen, cut_at_stops
from robustness.models.protocol import Answer, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.models.language.language_model import LanguageModel
    from robustness.questions.prompt import Prompt

MAX_NEW_TOKENS = 48
"""Longest answer: enough for any value of the tables and a sentence around it."""


def generate(language: LanguageModel, prompts: Sequence[Prompt]) -> list[Answer | ModelError]:
    """The answer to each prompt, or why there is none.

    Where a prompt has options they are listed, and the answer is the option that the text chooses, or the
    text itself where that is not clear.
    """
    tokens: list[list[int] | ModelError] = [_tokens(language, prompt) for prompt in prompts]
    ready = [i for i, each in enumerate(tokens) if isinstance(each, list)]
    rows = [each for each in tokens if isinstance(each, list)]
    texts: dict[int, str] = {}
    for group in groups([len(row) + MAX_NEW_TOKENS for row in rows]):
        texts |= zip(
            [ready[i] for i in group], _go_on(language, [rows[i] for i in group]), strict=True
        )
    return [
        each if isinstance(each, ModelError) else _answer(language, prompt, texts[i])
        for i, (prompt, each) in enumerate(zip(prompts, tokens, strict=True))
    ]


def _tokens(language: LanguageModel, prompt: Prompt) -> list[int] | ModelError:
    room = 0 if language.seq2seq else MAX_NEW_TOKENS
    try:
        return language.ids(language.text(prompt), room=room, special=not language.chats)
    except ModelError as error:
        return error


def _go_on(language: LanguageModel, rows: list[list[int]]) -> list[str]:
    """What the model writes after each row of tokens."""
    import torch
    from transformers import StoppingCriteriaList

    width = max(map(len, rows))
    ends = language.tokenizer.eos_token_id
    generator: Any = language.model
    stop = StoppingCriteriaList([_stopped(language, width)] if language.stops else [])
    with torch.inference_mode(), on(language.model):
        ids = torch.tensor([[ends or 0] * (width - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        written = generator.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=False,
            num_beams=1,
            max_new_tokens=MAX_NEW_TOKENS,
            pad_token_id=ends or 0,
            stopping_criteria=stop,
        )
    new = written if language.seq2seq else written[:, width:]
    return list(language.tokenizer.batch_decode(new, skip_special_tokens=True))


def _stopped(language: LanguageModel, width: int) -> Callable[..., Any]:
    """Tells which rows hold a stop string after their prompts, which are `width` tokens wide.

    The criterion of transformers for this matches tokens with strings beforehand and does not know every
    kind of tokenizer; a few decoded words a step cost next to nothing.
    """
    import torch

    def stopped(ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        texts = language.tokenizer.batch_decode(ids[:, width:], skip_special_tokens=True)
        return torch.tensor([any(stop in text for stop in language.stops) for text in texts])

    return stopped


def _answer(language: LanguageModel, prompt: Prompt, text: str) -> Answer:
    text = clean_text(cut_at_stops(text, language.stops))
    return Answer(chosen(text, prompt.options) if prompt.options else text, None)
