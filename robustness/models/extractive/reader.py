"""Extractive readers: a span head says where in the context the answer stands.

Reads any transformers model for question answering. The span with the highest joint probability of its
first and last token wins; both stand inside the context, in order, and at most `MAX_ANSWER_TOKENS` apart.
A context that does not fit into the model is read in overlapping windows, see `robustness.models.extractive.windows`.

"No answer" is an answer only for models that were trained to give it: those whose ``config.json`` says
``"no_answer": true``. For them the first token stands for it, as in SQuAD 2.0 (Rajpurkar et al. 2018), and
wins when it is more probable than every span. Transformers itself keeps no record of such training, so
without that key it is off.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError
from robustness.models.capabilities import Capabilities
from robustness.models.device import on, tokens_at_once
from robustness.models.extractive.forced_cut import put_cuts
from robustness.models.extractive.windows import OVERLAP, joined, windows
from robustness.models.precision import converted, precise_fingerprint
from robustness.models.protocol import Answer, all_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from robustness.models.precision import Precision
    from robustness.models.weight_files import ModelFiles
    from robustness.questions.prompt import Prompt

MAX_ANSWER_TOKENS = 32
_WINDOWS_AT_ONCE = 8
_TEXTS_AT_ONCE = 1024
_TOKENIZING = threading.Lock()
"""Padding is a state of a tokenizer, so two threads must not set it at once."""
_SHORTEN = "Shorten the question."


@dataclass(frozen=True, slots=True)
class ExtractiveReader:
    """A model with a span head, and its tokenizer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    spec: str
    """How the command line names it."""
    fingerprint: str
    """SHA-256 over its files and the decoding, cut at 16 hex digits."""
    tokenizer_path: str | None = None
    """Its ``tokenizer.json``."""
    held_out_drugs: frozenset[str] | None = None
    """Drugs that it was not trained on, where its ``training.json`` says so."""
    no_answer: bool = False
    """Whether it was trained to say that the context holds no answer."""
    kind: str = "extractive"
    """Kind of model."""

    @property
    def capabilities(self) -> Capabilities:
        """It abstains only where it was trained to; what is padded together may change the last bits."""
        return Capabilities(
            can_abstain=self.no_answer,
            depends_on_batch=True,
            honours_cut=True,
            device=self.model.device.type,
            tokens_at_once=tokens_at_once(self.model),
        )

    @property
    def limit(self) -> int:
        """Longest input, in tokens."""
        return int(self.model.config.max_position_embeddings)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts: in one forward pass what fits, in windows what does not.

        Raises:
            PartlyAnsweredError: Some prompts have no context, or questions longer than the model.
        """
        return self.finish(prompts, self.prepare(prompts)) if prompts else []

    def at(self, precision: Precision) -> ExtractiveReader:
        """The same reader in another number format; only a float32 one can be changed."""
        if precision == "float32":
            return self
        model = converted(self.model, precision)
        return replace(
            self, model=model, fingerprint=precise_fingerprint(self.fingerprint, precision)
        )

    def sizes(self, prompts: Sequence[Prompt]) -> list[int]:
        """Length of each prompt in tokens; a context that several prompts share is cut once."""
        lengths: dict[str, int] = {}
        for texts in ({p.question for p in prompts}, {p.context for p in prompts}):
            ordered = sorted(texts)
            for start in range(0, len(ordered), _TEXTS_AT_ONCE):
                some = ordered[start : start + _TEXTS_AT_ONCE]
                cut = self.tokenizer(some, add_special_tokens=False)["input_ids"]
                lengths.update(zip(some, map(len, cut), strict=True))
        return [min(self.limit, lengths[p.question] + lengths[p.context] + 3) for p in prompts]

    def prepare(self, prompts: Sequence[Prompt]) -> Any:
        """Tokens of a batch of prompts, for `finish`; may run in another thread."""
        encoded = self._encode(prompts)
        return encoded, [encoded.sequence_ids(i) for i in range(len(prompts))]

    def finish(self, prompts: Sequence[Prompt], prepared: Any) -> list[Answer]:
        """The answers to prepared prompts, see `answer`."""
        encoded, _ = prepared
        long = (encoded["attention_mask"].sum(1) > self.limit).tolist()
        if not any(long):
            return all_answers(self._read_at_once(prompts, prepared))
        fitting = [p for p, is_long in zip(prompts, long, strict=True) if not is_long]
        short = iter(self._read_at_once(fitting, self.prepare(fitting)) if fitting else [])
        return all_answers(
            [
                self._read_in_windows(prompt, encoded, row) if long[row] else next(short)
                for row, prompt in enumerate(prompts)
            ]
        )

    def _encode(self, prompts: Sequence[Prompt]) -> Any:
        with _TOKENIZING:
            encoded = self.tokenizer(
                [prompt.question for prompt in prompts],
                [prompt.context for prompt in prompts],
                padding=True,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        if any(prompt.cut for prompt in prompts):
            encoded = put_cuts(encoded, prompts, self.tokenizer)
        return encoded

    def _read_at_once(self, prompts: Sequence[Prompt], prepared: Any) -> list[Answer | ModelError]:
        import torch

        encoded, parts = prepared
        in_context = torch.tensor([[part == 1 for part in row] for row in parts])
        inputs = {
            key: value.to(self.model.device)
            for key, value in encoded.items()
            if key != "offset_mapping"
        }
        with torch.inference_mode():
            output = self.model(**inputs)
            start, end = output.start_logits.float().cpu(), output.end_logits.float().cpu()
            contexts = [prompt.context for prompt in prompts]
            return self._answers(contexts, encoded["offset_mapping"], start, end, in_context)

    def _read_in_windows(self, prompt: Prompt, encoded: Any, row: int) -> Answer | ModelError:
        """One prompt whose tokens do not fit: scores from windows, then a span as always."""
        import torch

        real = encoded["attention_mask"][row].tolist()
        parts = encoded.sequence_ids(row)
        place = [i for i, part in enumerate(parts) if part == 1]
        if not place:
            return ModelError("The question alone is longer than the model reads", hint=_SHORTEN)
        before = [i for i in range(place[0]) if real[i]]
        after = [i for i in range(place[-1] + 1, len(parts)) if real[i]]
        room = self.limit - len(before) - len(after)
        if room < MAX_ANSWER_TOKENS:
            return ModelError(
                "The question leaves no room for the context",
                value=f"{len(before)} tokens of {self.limit}",
                hint=_SHORTEN,
            )
        cut = windows(len(place), room)
        logits = self._score(
            encoded, row, [[*before, *place[w.start : w.end], *after] for w in cut]
        )
        context = slice(len(before), len(before) + room)
        null = torch.stack([each[:, 0] for each in logits]).min(0).values
        joint = torch.cat([null[:, None], joined([each[:, context] for each in logits], cut)], 1)
        offsets = encoded["offset_mapping"][row, [0, *place]]
        allowed = torch.ones(1, len(place) + 1, dtype=torch.bool)
        allowed[0, 0] = False
        return self._answers([prompt.context], offsets[None], joint[:1], joint[1:], allowed)[0]

    def _score(self, encoded: Any, row: int, rows: list[list[int]]) -> list[torch.Tensor]:
        """Start and end scores of windows of one row of tokens, shape (2, tokens) each.

        Args:
            encoded: Tokens as the tokenizer gave them.
            row: Which of its rows.
            rows: The columns that each window consists of.
        """
        import torch

        length = max(map(len, rows))
        inputs = [key for key in encoded if key != "offset_mapping"]
        found: list[torch.Tensor] = []
        for first in range(0, len(rows), _WINDOWS_AT_ONCE):
            some = rows[first : first + _WINDOWS_AT_ONCE]
            columns = torch.tensor([[*each, *[0] * (length - len(each))] for each in some])
            batch = {key: encoded[key][row][columns] for key in inputs}
            for i, each in enumerate(some):
                batch["attention_mask"][i, len(each) :] = 0
            with torch.inference_mode(), on(self.model):
                output = self.model(**{k: v.to(self.model.device) for k, v in batch.items()})
            both = torch.stack([output.start_logits, output.end_logits], 1).float().cpu()
            found += [scores[:, : len(each)] for scores, each in zip(both, some, strict=True)]
        return found

    def _answers(
        self,
        contexts: Sequence[str],
        offsets: torch.Tensor,
        start: torch.Tensor,
        end: torch.Tensor,
        allowed: torch.Tensor,
    ) -> list[Answer | ModelError]:
        """The answers from the scores of each row; the first token of a row stands for no answer."""
        readable = allowed.any(1).tolist()
        scored = allowed.clone()
        scored[:, 0] |= self.no_answer
        starts, ends, scores = best_spans(start, end, scored, null=self.no_answer)
        return [
            Answer(context[offset[first][0] : offset[last][1]] if last else "", score)
            if has_context
            else ModelError("The context is empty", hint="An extractive reader needs one.")
            for has_context, context, offset, first, last, score in zip(
                readable, contexts, offsets.tolist(), starts, ends, scores, strict=True
            )
        ]


def best_spans(
    start_logits: torch.Tensor,
    end_logits: torch.Tensor,
    allowed: torch.Tensor,
    *,
    null: bool = False,
) -> tuple[list[int], list[int], list[float]]:
    """The most probable span of each row.

    Args:
        start_logits: Score of each token as the first one, shape (batch, tokens).
        end_logits: Score of each token as the last one, same shape.
        allowed: Tokens that an answer may consist of, same shape, boolean.
        null: The first token is no part of a span, but alone stands for no answer.

    Returns:
        First token, last token and probability (0 to 1) of each row's span. The probability is the
        product of the two softmax values over the allowed tokens, so it is that of this exact span.
    """
    import torch

    log_start = start_logits.masked_fill(~allowed, -torch.inf).log_softmax(-1)
    log_end = end_logits.masked_fill(~allowed, -torch.inf).log_softmax(-1)
    longest = min(MAX_ANSWER_TOKENS, allowed.shape[1])
    padded = torch.nn.functional.pad(log_end, (0, longest - 1), value=-torch.inf)
    # joint[i, j, k]: the span of row i from token j to token j + k
    joint = log_start[:, :, None] + padded.unfold(1, longest, 1)
    if null:
        joint[:, 0, 1:] = -torch.inf
    best, index = joint.flatten(1).max(-1)
    starts = index // longest
    return starts.tolist(), (starts + index % longest).tolist(), best.exp().tolist()


def load_extractive(files: ModelFiles, *, spec: str) -> ExtractiveReader:
    """Load a reader, in float32.

    Raises:
        ModelError: The files are missing, truncated, not safetensors or without a span head.
    """
    model, tokenizer, untrained = read_transformers(files)
    if untrained:
        raise ModelError(
            "The model has no trained span head",
            value=spec,
            hint="Fine-tune it first: robustness train --base FOLDER --out FOLDER.",
        )
    no_answer = bool(getattr(model.config, "no_answer", False))
    decoding = ("span", 2, MAX_ANSWER_TOKENS, OVERLAP, no_answer, "float32")
    return ExtractiveReader(
        model=model,
        tokenizer=tokenizer,
        spec=spec,
        fingerprint=files.fingerprint(*decoding),
        tokenizer_path=files.tokenizer_path(),
        held_out_drugs=files.held_out_drugs(),
        no_answer=no_answer,
    )


def read_transformers(
    files: ModelFiles,
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, list[str]]:
    """Read a model with a span head, in float32.

    Returns:
        The model, its tokenizer, and the names of weights that are not in its files: an encoder that was
        never fine-tuned lacks the span head's.

    Raises:
        ModelError: The files are missing, truncated, not safetensors, or the tokenizer has no offsets.
    """
    from transformers import AutoModelForQuestionAnswering

    model, untrained = files.model(AutoModelForQuestionAnswering)
    return model, files.tokenizer(), untrained
