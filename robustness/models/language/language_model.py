"""A language model and its tokenizer, and how a prompt becomes tokens for it.

Causal models, which continue the prompt, and seq2seq models, which encode it. Choosing and
generating are built on it and live in modules of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.errors import ModelError
from robustness.models.prompting import PLAIN_STOPS, instruction, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from robustness.questions.prompt import Prompt

TOKENS_AT_ONCE = 4096
"""Tokens, padding counted, of one forward pass: what bounds the memory of a long prompt."""
_LONGEST = 4096
"""Limit in tokens of models whose files state none (those with relative positions)."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model that goes on with a text or translates one into another."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    seq2seq: bool
    """Whether the prompt is encoded, and the answer decoded from it."""

    @property
    def limit(self) -> int:
        """Longest input, in tokens."""
        names = ("max_position_embeddings", "n_positions")
        stated = [getattr(self.model.config, name, None) for name in names]
        stated.append(getattr(self.tokenizer, "model_max_length", None))
        # tokenizers without a limit state 10^30
        return min([int(n) for n in stated if n and n < 10**9] or [_LONGEST])

    @property
    def chats(self) -> bool:
        """Whether it has a chat template."""
        return bool(self.tokenizer.chat_template)

    @property
    def stops(self) -> tuple[str, ...]:
        """Strings that end an answer, in addition to the model's own end of text."""
        return () if self.chats or self.seq2seq else PLAIN_STOPS

    def put(self, text: str) -> str:
        """What the model reads for an instruction: in its chat template, where it has one."""
        if not self.chats:
            return text
        turn = [{"role": "user", "content": text}]
        return str(
            self.tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        )

    def text(self, prompt: Prompt) -> str:
        """What the model reads for a prompt.

        Raises:
            ModelError: There are more options than letters.
        """
        return self.put(instruction(prompt) if self.chats or self.seq2seq else plain(prompt))

    def ids(self, text: str, *, room: int = 0, special: bool = True) -> list[int]:
        """The tokens of a text.

        Args:
            text: What the model is to read.
            room: Tokens that must fit in after it.
            special: Add the special tokens that begin or end a text; a chat template writes its own.

        Raises:
            ModelError: They are more than the model reads.
        """
        ids = list(self.tokenizer(text, add_special_tokens=special)["input_ids"])
        if len(ids) + room > self.limit:
            raise ModelError(
                "A prompt is longer than the model reads",
                value=f"{len(ids)} tokens of {self.limit}",
                hint="Shorten the question or its context.",
            )
        return ids


def groups(lengths: Sequence[int], limit: int = TOKENS_AT_ONCE) -> list[list[int]]:
    """Cut rows into groups whose padded size stays under a limit; a longer row is a group of its own.

    Args:
        lengths: Length of each row.
        limit: Tokens of a group, padding counted.

    Returns:
        Indices, the shortest rows first, so that little is padded.

    >>> groups([5, 1, 1, 9], limit=10)
    [[1, 2], [0], [3]]
    """
    found: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if found and (len(found[-1]) + 1) * lengths[index] <= limit:
            found[-1].append(index)
        else:
            found.append([index])
    return found
