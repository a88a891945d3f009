"""Train a causal model to choose the same option however the drug's name is spelled.

The scores are those that the audit chooses by: how much more probable the question makes an option than an
uninformative prompt does. The loss is the cross-entropy of the right option, and for misspelled names the
divergence from the choice that the model makes for the correct one. Held-out drugs are never trained on:
what they show is robustness and no knowledge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import InputError
from robustness.models import load_model
from robustness.models.language.causal import LanguageModelAnswers
from robustness.models.language.choice import choose, option_rows
from robustness.models.language.language_model import LanguageModel
from robustness.models.protocol import all_answers
from robustness.questions import ClosedBookSource
from robustness.tokenizers import load_tokenizer
from robustness.training.learner import adapted

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Sequence

    import torch

    from robustness.models import Answer, Prompt
    from robustness.models.language.likelihood import Row
    from robustness.questions import Case
    from robustness.training.examples import Example, Question
    from robustness.training.options import TrainingOptions


class ChoiceLearner:
    """A causal model that chooses.

    Args:
        options: The base (a folder or ``gguf:FILE``), and the adapter that is trained on it.

    Raises:
        InputError: The base is no causal model, or all weights of a GGUF file are to be trained.
        ModelError: The base cannot be read.
    """

    def __init__(self, options: TrainingOptions) -> None:
        if options.base.startswith("gguf:") and not options.lora_rank:
            raise InputError(
                "The weights of a GGUF file cannot be saved again",
                value=options.base,
                hint="Train an adapter: --lora-rank 8.",
            )
        loaded = load_model(options.base, task="choice")
        if not isinstance(loaded, LanguageModelAnswers) or loaded.language.seq2seq:
            raise InputError("Not a causal model", value=options.base, hint="Train a reader.")
        self.model = adapted(loaded.language.model, options)
        self.tokenizer = loaded.language.tokenizer
        self.cutter = load_tokenizer(loaded.tokenizer_path) if loaded.tokenizer_path else None
        self._consistency = options.consistency
        self._language = LanguageModel(self.model, self.tokenizer, seq2seq=False)

    def loss(self, examples: Sequence[Example]) -> torch.Tensor:
        """Cross-entropy of the right options and divergence between spellings, in nats."""
        import torch
        from torch.nn.functional import cross_entropy, kl_div

        total = torch.zeros(())
        for one in examples:
            shares = self._shares(one.case)
            right = torch.tensor(one.case.options.index(one.case.gold))
            total = total + cross_entropy(shares, right)
            if one.clean is not None and self._consistency:
                with torch.no_grad():
                    known = self._shares(one.clean)
                divergence = kl_div(
                    shares.log_softmax(0),
                    known.log_softmax(0),
                    reduction="sum",
                    log_target=True,
                )
                total = total + self._consistency * divergence
        return total / len(examples)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The likeliest options."""
        return all_answers(choose(self._language, prompts))

    def _shares(self, case: Case) -> torch.Tensor:
        """The score of each option, shape (options,)."""
        rows = option_rows(self._language, case.prompt)
        values = self._scores([row for pair in rows for row in pair])
        return values[0::2] - values[1::2]

    def _scores(self, rows: Sequence[Row]) -> torch.Tensor:
        """Log-probability of each continuation after its prefix, with gradient, shape (rows,)."""
        import torch

        width = max(len(prefix) + len(rest) for prefix, rest in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        real = torch.zeros(len(rows), width, dtype=torch.long)
        scored = torch.zeros(len(rows), width - 1)
        for row, (prefix, rest) in enumerate(rows):
            end = len(prefix) + len(rest)
            ids[row, :end] = torch.tensor([*prefix, *rest])
            real[row, :end] = 1
            scored[row, len(prefix) - 1 : end - 1] = 1
        logits = self.model(input_ids=ids, attention_mask=real).logits[:, :-1].float()
        chosen = logits.log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
        total: torch.Tensor = (chosen * scored).sum(1)
        return total


class ChoiceQuestions:
    """Closed-book questions with options.

    Args:
        names: The drugs that are asked about, by name.
        seed: Decides options and phrasings.
    """

    def __init__(self, names: Collection[str], seed: int) -> None:
        self._source = ClosedBookSource(seed, load_drugs(), load_look_alikes())
        self._slots = self._source.slots([drug for drug in load_drugs() if drug.name in names])

    def draw(self, rng: random.Random, seed: str) -> Question:  # noqa: ARG002  # as for leaflets
        """Every drug and relation is equally likely."""
        slot = rng.choice(self._slots)

        def write(misspelling: Any) -> Case:
            return self._source.case(slot, misspelling)

        return slot.name, write
