"""Log-likelihood of continuations, with everything that prefixes share computed once.

Rows that have the same prefix share its key/value cache; distinct prefixes share the cache of the tokens
that they all begin with. That is what makes options cheap: four of them cost one pass over the question
and one over a few tokens each. `plain_scores` does the same with a full forward pass a row: it is the
reference in tests and benchmarks, and the way for models whose memory is no plain key/value cache.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from robustness.models.device import on
from robustness.models.language.language_model import TOKENS_AT_ONCE, groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from robustness.models.language.language_model import LanguageModel

Row = tuple[tuple[int, ...], tuple[int, ...]]
"""Token ids of a prefix and of its continuation, neither of them empty."""

_SHORTEST_TRUNK = 4
"""Fewer shared tokens than these are not worth a forward pass of their own."""
_LOGITS_AT_ONCE = 1024
"""Tokens of continuations in one pass: each needs a float for every word of the vocabulary."""


def scores(language: LanguageModel, rows: Sequence[Row]) -> list[float]:
    """The natural logarithm of the probability of each continuation after its prefix.

    Args:
        language: A causal or seq2seq model; for the latter prefixes go to the encoder.
        rows: What to score; prefixes may repeat.
    """
    import torch

    prefixes = list(dict.fromkeys(prefix for prefix, _ in rows))
    found = [0.0] * len(rows)
    with torch.inference_mode(), on(language.model):
        for group in groups([len(prefix) for prefix in prefixes]):
            chosen = {prefixes[i]: place for place, i in enumerate(group)}
            some = [i for i, (prefix, _) in enumerate(rows) if prefix in chosen]
            state = _encoded if language.seq2seq else _cached
            values = state(language, list(chosen), [(chosen[rows[i][0]], rows[i][1]) for i in some])
            if values is None:
                values = plain_scores(language, [rows[i] for i in some])
            for i, value in zip(some, values, strict=True):
                found[i] = value
    return found


def plain_scores(language: LanguageModel, rows: Sequence[Row]) -> list[float]:
    """The same as `scores`, with one full forward pass for each row."""
    import torch

    found = []
    with torch.inference_mode(), on(language.model):
        for prefix, continuation in rows:
            target = torch.tensor([continuation])
            if language.seq2seq:
                logits = language.model(input_ids=torch.tensor([prefix]), labels=target).logits
            else:
                whole = torch.tensor([prefix + continuation])
                logits = language.model(input_ids=whole).logits[:, len(prefix) - 1 : -1]
            found.append(float(_log_probabilities(logits, target).sum()))
    return found


def _cached(
    language: LanguageModel,
    prefixes: list[tuple[int, ...]],
    rows: list[tuple[int, tuple[int, ...]]],
) -> list[float] | None:
    """Scores of continuations of a causal model by the place of their prefix; None without a cache."""
    import torch

    cache, mask, first = _read_prefixes(language, prefixes)
    if cache is None:
        return None
    found = [0.0] * len(rows)
    lengths = [len(continuation) for _, continuation in rows]
    # a row costs its own tokens in logits and its prefix's in copies of the cache
    copies = max(1, TOKENS_AT_ONCE * 4 // mask.shape[1])
    for group in groups(lengths, _LOGITS_AT_ONCE):
        for start in range(0, len(group), copies):
            part = group[start : start + copies]
            parents = torch.tensor([rows[i][0] for i in part])
            target, real = _padded([rows[i][1] for i in part])
            opening = _log_probabilities(first[parents][:, None], target[:, :1])[:, 0]
            rest = _after_first(language, cache, mask, parents=parents, target=target, real=real)
            for i, value in zip(part, (opening + rest).tolist(), strict=True):
                found[i] = value
    return found


def _after_first(
    language: LanguageModel,
    cache: Any,
    mask: torch.Tensor,
    *,
    parents: torch.Tensor,
    target: torch.Tensor,
    real: torch.Tensor,
) -> torch.Tensor:
    """Log-probability of each continuation after its first token, shape (rows,)."""
    import torch

    width = target.shape[1]
    if width == 1:
        return torch.zeros(len(parents))
    branch = copy.deepcopy(cache)
    branch.batch_select_indices(parents)
    lengths = mask[parents].sum(1, keepdim=True)
    logits = language.model(
        input_ids=target[:, :-1],
        attention_mask=torch.cat([mask[parents], real[:, :-1]], 1),
        position_ids=lengths + torch.arange(width - 1),
        past_key_values=branch,
        use_cache=True,
    ).logits
    return (_log_probabilities(logits, target[:, 1:]) * real[:, 1:]).sum(1)


def _read_prefixes(
    language: LanguageModel, prefixes: list[tuple[int, ...]]
) -> tuple[Any, torch.Tensor, torch.Tensor]:
    """Read prefixes, their common beginning once.

    Returns:
        Their cache, or None when the model keeps another kind of memory; which of its places are real,
        shape (prefixes, places); and the logits of the token after each, shape (prefixes, vocabulary).
    """
    import torch
    from transformers import DynamicCache

    many = len(prefixes)
    trunk = _shared(prefixes)
    cache = DynamicCache(config=language.model.config)
    if many > 1 and trunk >= _SHORTEST_TRUNK:
        shared = torch.tensor([prefixes[0][:trunk]])
        language.model(input_ids=shared, past_key_values=cache, use_cache=True, logits_to_keep=1)
        if not _branches(cache):
            return None, torch.empty(0), torch.empty(0)
        cache.batch_repeat_interleave(many)
    else:
        trunk = 0
    rest, real = _padded([prefix[trunk:] for prefix in prefixes], left=True)
    mask = torch.cat([torch.ones(many, trunk, dtype=real.dtype), real], 1)
    output = language.model(
        input_ids=rest,
        attention_mask=mask,
        position_ids=(trunk + real.cumsum(1) - 1).clamp(min=0),
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=1,
    )
    cache = output.past_key_values
    return (cache if _branches(cache) else None), mask, output.logits[:, -1]


def _encoded(
    language: LanguageModel,
    prefixes: list[tuple[int, ...]],
    rows: list[tuple[int, tuple[int, ...]]],
) -> list[float]:
    """Scores of continuations of a seq2seq model by the place of their prefix, each encoded once."""
    import torch
    from transformers.modeling_outputs import BaseModelOutput

    ids, real = _padded(prefixes)
    hidden = language.model.get_encoder()(input_ids=ids, attention_mask=real).last_hidden_state
    found = [0.0] * len(rows)
    for group in groups([len(continuation) for _, continuation in rows], _LOGITS_AT_ONCE):
        parents = torch.tensor([rows[i][0] for i in group])
        target, counted = _padded([rows[i][1] for i in group])
        logits = language.model(
            encoder_outputs=BaseModelOutput(last_hidden_state=hidden[parents]),
            attention_mask=real[parents],
            labels=target,
        ).logits
        values = (_log_probabilities(logits, target) * counted).sum(1).tolist()
        for i, value in zip(group, values, strict=True):
            found[i] = value
    return found


def _log_probabilities(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Log-probability of each target token, shape of the target; logits have the vocabulary last."""
    chosen = logits.gather(-1, target[..., None])[..., 0].float()
    total: torch.Tensor = chosen - logits.float().logsumexp(-1)
    return total


def _padded(
    rows: Sequence[Sequence[int]], *, left: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows padded with token 0 to the longest, and which of their tokens are real (1) or not (0)."""
    import torch

    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    real = torch.zeros(len(rows), width, dtype=torch.long)
    for row, tokens in enumerate(rows):
        place = slice(width - len(tokens), width) if left else slice(0, len(tokens))
        ids[row, place] = torch.tensor(tokens)
        real[row, place] = 1
    return ids, real


def _shared(prefixes: Sequence[tuple[int, ...]]) -> int:
    """How many tokens all prefixes begin with alike, leaving at least one of each."""
    shortest, longest = min(prefixes), max(prefixes)
    same = next(
        (i for i, (a, b) in enumerate(zip(shortest, longest, strict=False)) if a != b),
        min(len(shortest), len(longest)),
    )
    return min(same, min(map(len, prefixes)) - 1)


def _branches(cache: Any) -> bool:
    """Whether a cache keeps every token of every layer, so that rows may be copied and go apart."""
    from transformers.cache_utils import DynamicLayer

    return all(type(layer) is DynamicLayer for layer in cache.layers)
