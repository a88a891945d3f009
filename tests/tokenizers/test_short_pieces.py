from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer

from robustness.drugs import load_drugs, load_known_names
from robustness.errors import InputError
from robustness.misspellings import load_observed
from robustness.tokenizers.loading import embedded_file
from robustness.tokenizers.short_pieces import with_short_pieces
from tests.tokenizers.real import REAL

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = [drug.name for drug in load_drugs()]
WORDPIECE = embedded_file().read_text(encoding="utf-8")
BYTE_LEVEL = Path(REAL["DeepSeek"]).read_text(encoding="utf-8")


def short(content: str, longest: int = 2) -> str:
    known = load_known_names()
    return with_short_pieces(content, longest=longest, names=known.__contains__, corpus=NAMES)


@pytest.fixture(scope="module")
def new() -> Tokenizer:
    return Tokenizer.from_str(short(WORDPIECE))


@pytest.fixture(scope="module")
def old() -> Tokenizer:
    return Tokenizer.from_str(WORDPIECE)


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    found: list[str] = tokenizer.encode(text, add_special_tokens=False).tokens
    return found


def test_words_that_the_vocabulary_holds_keep_their_ids(new: Tokenizer, old: Tokenizer) -> None:
    text = "What is the most important warning for patients who take this by mouth?"
    assert new.encode(text).ids == old.encode(text).ids


def test_names_are_cut_into_short_pieces_of_the_same_vocabulary(
    new: Tokenizer, old: Tokenizer
) -> None:
    known = old.get_vocab()
    for name in ("metformin", "testosterone", "insulin"):
        cut = pieces(new, name)
        assert "".join(one.removeprefix("##") for one in cut) == name
        assert all(len(one.removeprefix("##")) <= 2 for one in cut)
        assert new.encode(name).ids == [known[one] for one in ("[CLS]", *cut, "[SEP]")]
    assert pieces(old, "testosterone") == ["testosterone"]


def test_cuts_are_those_of_plain_byte_pair_encoding(new: Tokenizer) -> None:
    merges = json.loads(new.to_str())["model"]["merges"]
    ranks = {(a, b): rank for rank, (a, b) in enumerate(merges)}
    words = [name for name in NAMES if name.isalpha() and len(pieces(new, name)) > 1]
    assert len(words) > 400
    for word in words[:200]:
        assert pieces(new, word) == plainly(word, ranks)


def plainly(word: str, ranks: dict[tuple[str, str], int]) -> list[str]:
    """Byte-pair encoding as its paper tells it: again and again, the first merge that there is."""
    cut = [word[0], *(f"##{letter}" for letter in word[1:])]
    while able := [(ranks[pair], i) for i, pair in enumerate(pairwise(cut)) if pair in ranks]:
        _, at = min(able)
        cut[at : at + 2] = [cut[at] + cut[at + 1].removeprefix("##")]
    return cut


def shared(tokenizer: Tokenizer, texts: Sequence[tuple[str, str]]) -> float:
    """Mean Jaccard index of the pieces of two texts."""
    both = [(set(pieces(tokenizer, a)), set(pieces(tokenizer, b))) for a, b in texts]
    return sum(len(a & b) / len(a | b) for a, b in both) / len(both)


def test_the_same_corpus_gives_the_same_merges() -> None:
    assert len({short(WORDPIECE) for _ in range(4)}) == 1


def test_misspellings_keep_more_pieces(new: Tokenizer, old: Tokenizer) -> None:
    typed = [(name, one.text) for name, group in load_observed().items() for one in group][::5]
    assert shared(new, typed) > shared(old, typed) + 0.2


def test_a_byte_level_vocabulary_keeps_its_own_merges() -> None:
    before, after = Tokenizer.from_str(BYTE_LEVEL), Tokenizer.from_str(short(BYTE_LEVEL, 3))
    text = " the patient"
    assert after.encode(text).ids == before.encode(text).ids
    assert pieces(before, " testosterone") == ["Ġtestosterone"]
    for name in (" testosterone", " hydroxyzine"):
        cut = pieces(after, name)
        assert (
            after.decode(after.encode(name).ids, skip_special_tokens=True).strip() == name.strip()
        )
        assert max(len(one.lstrip("Ġ")) for one in cut) <= 3


def test_other_kinds_of_tokenizers_are_refused() -> None:
    unigram = json.dumps({"model": {"type": "Unigram", "vocab": []}})
    with pytest.raises(InputError, match="short pieces"):
        short(unigram)
