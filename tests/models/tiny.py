"""Language models small enough to be made in a test: real architectures, random weights, a word tokenizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

if TYPE_CHECKING:
    from pathlib import Path

WORDS = [
    "<pad>",
    "</s>",
    "<unk>",
    "\n\n",
    "\n",
    "Question",
    ":",
    "Answer",
    "What",
    "is",
    "this",
    "medicine",
    "?",
    "used",
    "for",
    "metformin",
    "warfarin",
    "type",
    "2",
    "diabetes",
    "blood",
    "clots",
    "gout",
    "asthma",
    "high",
    "pressure",
    ".",
    "A",
    "B",
    "C",
    "D",
    "a",
    "in",
    "few",
    "words",
    "with",
    "the",
    "letter",
    "of",
    "one",
    "option",
    "an",
    "it",
    "Metformin",
    "Warfarin",
    "how",
    "How",
    "taken",
]
CHAT = (
    "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Answer :' }}{% endif %}"
)


def tokenizer(*, seq2seq: bool = False, chat: bool = False) -> PreTrainedTokenizerFast:
    """Cuts at words and marks of punctuation; a space belongs to the word after it."""
    spaced = [f" {word}" for word in WORDS[3:] if not word.isspace()]
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys([*WORDS, *spaced]))}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(r"\n+| ?\w+| ?[^\w\s]"), "isolated")
    if seq2seq:
        backend.post_processor = processors.TemplateProcessing(
            single="$A </s>", special_tokens=[("</s>", 1)]
        )
    made = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="<pad>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
    )
    if chat:
        made.chat_template = CHAT
    return made


def causal(architecture: str = "llama") -> Any:
    """A causal model of an architecture, always with the same weights."""
    torch.manual_seed(0)
    sizes: Any = {"vocab_size": 160, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1}
    if architecture == "gpt2":
        return GPT2LMHeadModel(
            GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=256, **sizes)
        ).eval()
    shape: Any = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "initializer_range": 0.5,
    }
    if architecture == "sliding":
        return MistralForCausalLM(MistralConfig(sliding_window=8, **shape, **sizes)).eval()
    return LlamaForCausalLM(LlamaConfig(**shape, **sizes)).eval()


def seq2seq() -> Any:
    """A small T5, always with the same weights."""
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=160,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        pad_token_id=0,
        eos_token_id=1,
        initializer_factor=1.5,
    )
    config.decoder_start_token_id = 0
    return T5ForConditionalGeneration(config).eval()


def save(folder: Path, *, kind: str = "llama", chat: bool = False) -> Path:
    """A transformers folder with such a model and its tokenizer."""
    model = seq2seq() if kind == "seq2seq" else causal(kind)
    model.save_pretrained(folder)
    tokenizer(seq2seq=kind == "seq2seq", chat=chat).save_pretrained(folder)
    return folder
