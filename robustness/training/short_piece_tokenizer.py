"""The tokenizer that a model is trained with: the base's, or one that cuts rare words into short pieces.

An adapter whose tokenizer is another one than its base's brings it along, and `robustness.models.weight_files` then
takes that. See `robustness.tokenizers.short_pieces`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, load_known_names
from robustness.drugs.invented import invented_names
from robustness.tokenizers.short_pieces import with_short_pieces
from robustness.training.examples import is_held_out

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from robustness.training.options import TrainingOptions

_INVENTED = 3000
"""Invented names that show, in addition to those of the drugs trained on, which letters belong together."""


def learned_tokenizer(
    base: PreTrainedTokenizerBase, options: TrainingOptions
) -> PreTrainedTokenizerBase:
    """The tokenizer that the options ask for.

    Known names are cut even where the vocabulary holds them whole, those of held-out drugs too: a list of
    names is all that it takes.

    Args:
        base: The base model's, or that of the adapter to go on from.
        options: Whether pieces are to be short; of one whose pieces are, the same is made again.

    Raises:
        InputError: The base's tokenizer cannot be given short pieces.
    """
    if not options.short_pieces:
        return base
    drugs = [drug.name for drug in load_drugs()]
    trained = [name for name in drugs if not is_held_out(name, options.held_out_share)]
    content = with_short_pieces(
        base.backend_tokenizer.to_str(),
        longest=options.short_pieces,
        names=load_known_names().__contains__,
        corpus=[*trained, *invented_names(_INVENTED, seed=0)],
    )
    return _like(base, content)


def _like(base: PreTrainedTokenizerBase, content: str) -> PreTrainedTokenizerBase:
    """A tokenizer from a ``tokenizer.json``, with the base's special tokens and limits."""
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(content),
        model_max_length=base.model_max_length,
        model_input_names=base.model_input_names,
        padding_side=base.padding_side,
        **{name: str(token) for name, token in base.special_tokens_map.items()},
    )
