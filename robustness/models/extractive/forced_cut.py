"""Feed a stretch of a question as given ids: what `Prompt.cut` asks for, for readers of two texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from robustness.questions.prompt import Cut, Prompt


class CutEncoding(dict[str, Any]):
    """Tokens of a batch after cuts were put in; as far as readers use it, a `BatchEncoding`."""

    def __init__(self, tensors: dict[str, Any], parts: list[list[int | None]]) -> None:
        super().__init__(tensors)
        self._parts = parts

    def sequence_ids(self, row: int) -> list[int | None]:
        """The text that each token of a row belongs to: 0 the question, 1 the context."""
        return self._parts[row]


def put_cuts(
    encoded: Any, prompts: Sequence[Prompt], tokenizer: PreTrainedTokenizerBase
) -> CutEncoding:
    """Put the cuts of prompts into their encoded batch.

    Args:
        encoded: Questions and contexts as the tokenizer encodes them, padded, with offsets.
        prompts: The batch.
        tokenizer: Pads it again.

    Raises:
        ModelError: A cut does not begin and end where tokens do.
    """
    import torch

    rows = [_row(encoded, i, prompt.cut) for i, prompt in enumerate(prompts)]
    names = [name for name in encoded if name not in ("offset_mapping", "attention_mask")]
    padded = tokenizer.pad(
        [{name: row[name] for name in names} for row in rows], padding=True, return_tensors="pt"
    )
    length = padded["input_ids"].shape[1]
    left = tokenizer.padding_side == "left"
    offsets, parts = [], []
    for row in rows:
        missing = length - len(row["parts"])
        before, after = (missing, 0) if left else (0, missing)
        offsets.append([[0, 0]] * before + row["offset_mapping"] + [[0, 0]] * after)
        parts.append([None] * before + row["parts"] + [None] * after)
    return CutEncoding({**padded, "offset_mapping": torch.tensor(offsets)}, parts)


def _row(encoded: Any, row: int, cut: Cut | None) -> dict[str, list[Any]]:
    """One row without its padding, with the cut put in."""
    real = encoded["attention_mask"][row].bool()
    names = [name for name in encoded if name != "attention_mask"]
    values: dict[str, list[Any]] = {name: encoded[name][row][real].tolist() for name in names}
    kept = real.tolist()
    values["parts"] = [p for p, keep in zip(encoded.sequence_ids(row), kept, strict=True) if keep]
    if cut is None:
        return values
    places = [
        i
        for i, (part, (start, end)) in enumerate(
            zip(values["parts"], values["offset_mapping"], strict=True)
        )
        if part == 0 and start < cut.end and end > cut.start
    ]
    spans = [values["offset_mapping"][i] for i in places]
    if not places or spans[0][0] != cut.start or spans[-1][1] != cut.end:
        raise ModelError(
            "A cut that does not begin and end where tokens do",
            value=(cut.start, cut.end),
            hint="Cut whole tokens of the question.",
        )
    first, last = places[0], places[-1] + 1
    new: dict[str, list[Any]] = {
        name: [value[first]] * len(cut.ids) for name, value in values.items()
    }
    new["input_ids"] = list(cut.ids)
    new["offset_mapping"] = [[cut.start, cut.end]] * len(cut.ids)
    return {name: value[:first] + new[name] + value[last:] for name, value in values.items()}
