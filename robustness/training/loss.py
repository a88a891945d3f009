"""The loss of a reader: right spans, and the same answer however the name is spelled.

Cross-entropy of the first and the last token, and for misspelled questions the Kullback-Leibler divergence
of the answer's distribution from that to the correct question (the teacher, without gradient; compare
virtual adversarial training, Miyato et al. 2018). Only the leaflet's tokens take part in the divergence:
questions differ in length, leaflets do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.errors import InputError
from robustness.models import Prompt
from robustness.models.extractive.forced_cut import put_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from transformers import PreTrainedTokenizerBase

    from robustness.questions import Case
    from robustness.training.examples import Example

MAX_TOKENS = 512


class Batch:
    """Cases as a model takes them, and where their answers and leaflets stand.

    Args:
        tokenizer: The model's.
        cases: What is asked.
        cuts: Other cuts of the names, one a case; None for the tokenizer's own.

    Raises:
        InputError: A leaflet is too long to train on.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, cases: Sequence[Case], cuts: Sequence[Any] = ()
    ) -> None:
        import torch

        encoded: Any = tokenizer(
            [case.question for case in cases],
            [case.leaflet.text for case in cases],
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        if any(cuts):
            pairs = zip(cases, cuts, strict=True)
            prompts = [Prompt(case.question, case.leaflet.text, (), cut) for case, cut in pairs]
            encoded = put_cuts(encoded, prompts, tokenizer)
        if encoded["input_ids"].shape[1] > MAX_TOKENS:
            raise InputError(
                "A leaflet is too long to train on", hint=f"At most {MAX_TOKENS} tokens."
            )
        offsets = encoded.pop("offset_mapping")
        parts = [[part == 1 for part in encoded.sequence_ids(row)] for row in range(len(cases))]
        self.in_leaflet = torch.tensor(parts)
        """Which tokens are the leaflet's, shape (batch, tokens), boolean."""
        self.inputs: dict[str, torch.Tensor] = {**encoded}
        self.starts = self._tokens(offsets, [case.leaflet.answer_start for case in cases])
        self.ends = self._tokens(
            offsets, [case.leaflet.answer_start + len(case.gold) - 1 for case in cases]
        )

    def _tokens(self, offsets: torch.Tensor, characters: Sequence[int]) -> torch.Tensor:
        """The leaflet's token that covers a character, one a row."""
        import torch

        at = torch.tensor(characters)[:, None]
        covers = (offsets[..., 0] <= at) & (at < offsets[..., 1]) & self.in_leaflet
        if not covers.any(1).all():
            raise InputError("An answer that no token covers", hint="Use another tokenizer.")
        return covers.int().argmax(1)


def reader_loss(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    *,
    consistency: float,
) -> torch.Tensor:
    """The loss of a batch of examples, in nats.

    Args:
        model: A model with a span head, in training mode.
        tokenizer: Its tokenizer.
        examples: The batch.
        consistency: Weight of the divergence; 0 leaves it out.
    """
    import torch
    from torch.nn.functional import cross_entropy

    batch = Batch(tokenizer, [one.case for one in examples], [one.cut for one in examples])
    output = model(**batch.inputs)
    logits = torch.stack([output.start_logits, output.end_logits]).float()
    loss = (cross_entropy(logits[0], batch.starts) + cross_entropy(logits[1], batch.ends)) / 2
    noisy = [row for row, one in enumerate(examples) if one.clean or one.cut]
    if not noisy or not consistency:
        return loss
    clean = Batch(tokenizer, [examples[row].clean or examples[row].case for row in noisy])
    model.eval()
    with torch.no_grad():
        known = model(**clean.inputs)
    model.train()
    teacher = torch.stack([known.start_logits, known.end_logits]).float()
    divergence = _divergence(teacher, clean.in_leaflet, logits[:, noisy], batch.in_leaflet[noisy])
    return loss + consistency * divergence * len(noisy) / len(examples)


def _divergence(
    teacher: torch.Tensor,
    teacher_in: torch.Tensor,
    student: torch.Tensor,
    student_in: torch.Tensor,
) -> torch.Tensor:
    """Mean divergence of the student's distribution over leaflet tokens from the teacher's, in nats.

    Args:
        teacher: Logits of first and last token, shape (2, rows, tokens).
        teacher_in: Its leaflet tokens, shape (rows, tokens).
        student: As `teacher`; it may have another number of tokens.
        student_in: Its leaflet tokens, as many in each row as the teacher has.
    """
    import torch

    total = student.new_zeros(())
    for row in range(teacher.shape[1]):
        wanted = teacher[:, row, teacher_in[row]].log_softmax(-1)
        given = student[:, row, student_in[row]].log_softmax(-1)
        total = total + torch.sum(wanted.exp() * (wanted - given))
    return total / (2 * teacher.shape[1])
