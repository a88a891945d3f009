"""Language models in this process, causal and seq2seq: folders, hub ids and GGUF files, behind the port.

With ``task`` choice every prompt needs options, and with ``generate`` the model writes every answer; where neither
was asked for, a prompt with options is chosen from and any other one answered in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from robustness.errors import ModelError
from robustness.models.capabilities import Capabilities
from robustness.models.device import tokens_at_once
from robustness.models.language.choice import CHOICE, choose
from robustness.models.language.generate import MAX_NEW_TOKENS, generate
from robustness.models.language.language_model import LanguageModel
from robustness.models.precision import converted, precise_fingerprint
from robustness.models.prompting import WORDING
from robustness.models.protocol import Answer, all_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models.precision import Precision
    from robustness.models.weight_files import ModelFiles
    from robustness.questions.prompt import Prompt


@dataclass(frozen=True, slots=True)
class LanguageModelAnswers:
    """A language model that chooses or writes answers."""

    language: LanguageModel
    spec: str
    """How the command line names it."""
    fingerprint: str
    """SHA-256 over its files, its adapter and the decoding, cut at 16 hex digits."""
    task: str | None = None
    """``choice`` or ``generate``; None where each prompt decides."""
    tokenizer_path: str | None = None
    """Its ``tokenizer.json``, or its GGUF file."""
    held_out_drugs: frozenset[str] | None = None
    """Drugs that it was not trained on, where its ``training.json`` says so."""

    @property
    def capabilities(self) -> Capabilities:
        """It cannot abstain where it chooses: an option is the likeliest, however unlikely."""
        return Capabilities(
            can_abstain=self.task != "choice",
            depends_on_batch=True,
            device=self.language.model.device.type,
            tokens_at_once=tokens_at_once(self.language.model),
        )

    def at(self, precision: Precision) -> LanguageModelAnswers:
        """The same model in another number format; only a float32 one can be changed."""
        if precision == "float32":
            return self
        language = replace(self.language, model=converted(self.language.model, precision))
        return replace(
            self, language=language, fingerprint=precise_fingerprint(self.fingerprint, precision)
        )

    def sizes(self, prompts: Sequence[Prompt]) -> list[int]:
        """Length of each prompt in tokens, options counted, without what a template adds."""
        texts = [f"{p.context} {p.question} {' '.join(p.options)}" for p in prompts]
        return [len(ids) for ids in self.language.tokenizer(texts)["input_ids"]]

    @property
    def kind(self) -> str:
        """The task, or what kind of language model it is."""
        return self.task or ("seq2seq" if self.language.seq2seq else "causal")

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer a batch of prompts.

        Raises:
            PartlyAnsweredError: Some prompts are too long, or have no options to choose from.
        """
        choosing = [
            self.task == "choice" or (self.task is None and bool(p.options)) for p in prompts
        ]
        outcomes: dict[int, Answer | ModelError] = {}
        for way, wanted in ((choose, True), (generate, False)):
            places = [i for i, is_choice in enumerate(choosing) if is_choice == wanted]
            outcomes |= zip(places, way(self.language, [prompts[i] for i in places]), strict=True)
        return all_answers([outcomes[i] for i in range(len(prompts))])


def load_language_model(
    files: ModelFiles, *, spec: str, task: str | None, seq2seq: bool
) -> LanguageModelAnswers:
    """Load a language model in float32.

    Args:
        files: Where it is.
        spec: How the command line names it.
        task: ``choice``, ``generate``, or None to let each prompt decide.
        seq2seq: Whether prompts are encoded.

    Raises:
        ModelError: The files are missing or unreadable, or without a language head.
    """
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    model, untrained = files.model(AutoModelForSeq2SeqLM if seq2seq else AutoModelForCausalLM)
    if untrained:
        raise ModelError(
            "The model has no trained language head",
            value=spec,
            hint="Give a model that was trained to write text.",
        )
    return LanguageModelAnswers(
        language=LanguageModel(model, files.tokenizer(), seq2seq),
        spec=spec,
        fingerprint=files.fingerprint(task, CHOICE, WORDING, MAX_NEW_TOKENS, "float32"),
        task=task,
        tokenizer_path=files.tokenizer_path(),
        held_out_drugs=files.held_out_drugs(),
    )
