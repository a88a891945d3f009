"""Extractive readers: a span head says where in the leaflet the answer stands.

Reads any transformers model for question answering. The span with the highest joint probability of its
first and last token wins; both stand inside the leaflet, in order, and at most `MAX_ANSWER_TOKENS` apart.
A prompt that does not fit into the model is an error, never cut: contexts longer than the model are not
handled here.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError
from robustness.models.cutting import put_cuts
from robustness.models.protocol import Answer, Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

MAX_ANSWER_TOKENS = 32


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
    kind: str = "extractive"
    """Kind of model."""
    honours_cut: bool = True
    """It feeds the ids of `Prompt.cut`."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts in one forward pass, padded to the longest of them.

        Raises:
            ModelError: A prompt is longer than the model can read.
        """
        import torch

        if not prompts:
            return []
        encoded = self._encode(prompts)
        offsets = encoded.pop("offset_mapping")
        in_context = torch.tensor(
            [[part == 1 for part in encoded.sequence_ids(i)] for i in range(len(prompts))]
        )
        with torch.inference_mode():
            output = self.model(**encoded)
        starts, ends, scores = best_spans(
            output.start_logits.float(), output.end_logits.float(), in_context
        )
        return [
            Answer(prompt.context[offset[start][0] : offset[end][1]], score)
            for prompt, offset, start, end, score in zip(
                prompts, offsets.tolist(), starts, ends, scores, strict=True
            )
        ]

    def _encode(self, prompts: Sequence[Prompt]) -> Any:
        encoded = self.tokenizer(
            [prompt.question for prompt in prompts],
            [prompt.context for prompt in prompts],
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        if any(prompt.cut for prompt in prompts):
            encoded = put_cuts(encoded, prompts, self.tokenizer)
        limit = self.model.config.max_position_embeddings
        length = encoded["input_ids"].shape[1]
        if length > limit:
            raise ModelError(
                "A question and its leaflet are longer than the model reads",
                value=f"{length} tokens",
                hint=f"This model reads at most {limit} tokens; shorten the leaflet.",
            )
        return encoded


def best_spans(
    start_logits: torch.Tensor, end_logits: torch.Tensor, allowed: torch.Tensor
) -> tuple[list[int], list[int], list[float]]:
    """The most probable span of each row.

    Args:
        start_logits: Score of each token as the first one, shape (batch, tokens).
        end_logits: Score of each token as the last one, same shape.
        allowed: Tokens that an answer may consist of, same shape, boolean.

    Returns:
        First token, last token and probability (0 to 1) of each row's span. The probability is the
        product of the two softmax values over the allowed tokens, so it is that of this exact span.
    """
    import torch

    log_start = start_logits.masked_fill(~allowed, -torch.inf).log_softmax(-1)
    log_end = end_logits.masked_fill(~allowed, -torch.inf).log_softmax(-1)
    tokens = allowed.shape[1]
    span = torch.ones(tokens, tokens, dtype=torch.bool).triu().tril(MAX_ANSWER_TOKENS - 1)
    joint = (log_start[:, :, None] + log_end[:, None, :]).masked_fill(~span, -torch.inf)
    best, index = joint.flatten(1).max(-1)
    return (index // tokens).tolist(), (index % tokens).tolist(), best.exp().tolist()


def load_extractive(path: str, *, spec: str) -> ExtractiveReader:
    """Load a reader from a transformers folder or a hub id, in float32.

    Raises:
        ModelError: The files are missing, truncated, not safetensors or without a span head.
    """
    from transformers.utils.hub import cached_file

    model, tokenizer, untrained = read_transformers(path)
    if untrained:
        raise ModelError(
            "The model has no trained span head",
            value=spec,
            hint="Fine-tune it first: robustness train --base FOLDER --out FOLDER.",
        )
    model.eval()
    folder = Path(str(cached_file(path, "config.json"))).parent
    tokenizer_file = folder / "tokenizer.json"
    return ExtractiveReader(
        model=model,
        tokenizer=tokenizer,
        spec=spec,
        fingerprint=_fingerprint(folder),
        tokenizer_path=str(tokenizer_file) if tokenizer_file.is_file() else None,
        held_out_drugs=_held_out(folder / "training.json"),
    )


def read_transformers(path: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, list[str]]:
    """Read a transformers folder or hub id as a model with a span head, in float32.

    Returns:
        The model, its tokenizer, and the names of weights that are not in its files: an encoder that was
        never fine-tuned lacks the span head's.

    Raises:
        ModelError: The files are missing, truncated, not safetensors, or the tokenizer has no offsets.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from huggingface_hub.utils import logging as hub_logging
    from safetensors import SafetensorError
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    hub_logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            path, use_safetensors=True, dtype="float32", output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(path)
    except (OSError, ValueError, SafetensorError, KeyError, RuntimeError, TypeError) as error:
        raise ModelError(
            f"The model cannot be loaded ({_first_line(error)})",
            value=path,
            hint="Give a transformers folder with config.json, model.safetensors and tokenizer.json.",
        ) from error
    if not tokenizer.is_fast:
        raise ModelError("The tokenizer has no offsets", value=path, hint="Add a tokenizer.json.")
    return model, tokenizer, sorted(report["missing_keys"])


def _held_out(record: Path) -> frozenset[str] | None:
    try:
        names = json.loads(record.read_text(encoding="utf-8"))["held_out_drugs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return frozenset(names) if isinstance(names, list) else None


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(f"span/{MAX_ANSWER_TOKENS}/float32".encode())
    for path in sorted(folder.glob("*")):
        if path.suffix == ".safetensors" or path.name in {"config.json", "tokenizer.json"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:160].rstrip(".")
