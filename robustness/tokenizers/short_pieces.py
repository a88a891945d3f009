"""Turn a tokenizer into one that cuts rare words into short pieces, with the ids of the same vocabulary.

WordPiece takes the longest piece from the left, so a slip at the beginning of a name changes every piece, and
a name that the vocabulary holds whole shares no piece with any of its misspellings. Here words that the
vocabulary holds whole stay as they are (but for names that are given), and all others are put together from
letters, by merges into pieces of a few letters (byte-pair encoding, Sennrich et al. 2016): what is merged
depends on the letters around it alone, so a slip changes the pieces next to it and no others.

No piece gets a new id, so that weights of the old tokenizer go with the new one; a model has to be trained with
it all the same, see `robustness.training`. Reads and writes what a ``tokenizer.json`` holds; knows nothing
of models.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from robustness.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_MERGES = 3000
"""Largest number of pieces that are learned; with two or three letters there are fewer."""
_SPACES = "\N{LATIN CAPITAL LETTER G WITH DOT ABOVE}\N{LOWER ONE EIGHTH BLOCK}"
"""What stands for a space before a word, in byte-level and in SentencePiece vocabularies."""


def with_short_pieces(
    content: str, *, longest: int, names: Callable[[str], bool], corpus: Sequence[str]
) -> str:
    """A ``tokenizer.json`` whose tokenizer cuts rare words into short pieces.

    Args:
        content: A ``tokenizer.json`` with a WordPiece or BPE model.
        longest: Letters of the longest piece of a word that is cut, at least 1.
        names: Whether a word is to be cut although the vocabulary holds it whole.
        corpus: Words that show which letters go together; a BPE model has its own merges and needs none.

    Returns:
        The new ``tokenizer.json``.

    Raises:
        InputError: The model is of another kind.
    """
    tokenizer: dict[str, Any] = json.loads(content)
    model = tokenizer["model"]
    prefix = model.get("continuing_subword_prefix") or ""
    if model["type"] == "WordPiece":
        merges: Iterable[tuple[str, str]] = _learned(corpus, prefix, longest)
    elif model["type"] == "BPE":
        merges = map(_pair, model["merges"])
    else:
        raise InputError(
            "Only WordPiece and BPE tokenizers can be given short pieces",
            value=model["type"],
            hint="Leave --short-pieces out.",
        )
    vocabulary = model["vocab"]
    short = [
        (left, right)
        for left, right in merges
        if _length(result := left + right.removeprefix(prefix), prefix) <= longest
        and {left, right, result} <= vocabulary.keys()
    ]
    tokenizer["model"] = {
        "type": "BPE",
        "dropout": None,
        "unk_token": model.get("unk_token"),
        "continuing_subword_prefix": prefix or None,
        "end_of_word_suffix": model.get("end_of_word_suffix"),
        "fuse_unk": True,
        "byte_fallback": model.get("byte_fallback", False),
        "ignore_merges": True,
        "vocab": {_renamed(piece, longest, names): one for piece, one in vocabulary.items()},
        "merges": short,
    }
    return json.dumps(tokenizer, ensure_ascii=False)


def _learned(corpus: Sequence[str], prefix: str, longest: int) -> list[tuple[str, str]]:
    """Merges that byte-pair encoding finds in a corpus, the most frequent first."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    letters = sorted(set("".join(corpus)) - {" "})
    learner = Tokenizer(models.BPE(continuing_subword_prefix=prefix))
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=_MERGES,
        continuing_subword_prefix=prefix,
        max_token_length=longest + len(prefix),
        show_progress=False,
        # they get their numbers first, which decide between equally frequent pairs: else chance would
        special_tokens=[
            mark + letter for mark in dict.fromkeys(("", prefix)) for letter in letters
        ],
    )
    learner.train_from_iterator(corpus, trainer)
    return [_pair(each) for each in json.loads(learner.to_str())["model"]["merges"]]


def _pair(merge: str | Sequence[str]) -> tuple[str, str]:
    """A merge as older files write it, with a space between, or as newer ones do."""
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _length(piece: str, prefix: str) -> int:
    """Letters of a piece."""
    return len(piece.removeprefix(prefix).lstrip(_SPACES))


def _renamed(piece: str, longest: int, names: Callable[[str], bool]) -> str:
    """A piece that is a whole name under a name that no text has, so that it is never found whole."""
    word = piece.lstrip(_SPACES)
    return f"[{piece}]" if len(word) > longest and word.isalpha() and names(word) else piece
