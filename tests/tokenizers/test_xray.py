from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.errors import InputError
from robustness.models.loading import embedded_folder
from robustness.tokenizers import load_tokenizer, xray

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [("metformin", "metfromin"), ("metformin", "metformine"), ("warfarin", "wafarin")]


def greedy_pieces(word: str, vocabulary: set[str]) -> list[str]:
    """WordPiece by its definition: the longest piece of the vocabulary, again and again."""
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next(e for e in range(len(word), start, -1) if prefix + word[start:e] in vocabulary)
        pieces.append(prefix + word[start:end])
        start = end
    return pieces


def test_pieces_agree_with_wordpiece_by_its_definition() -> None:
    tokenizer = load_tokenizer(embedded_folder())
    vocabulary = set(tokenizer.vocabulary.pieces)
    for name, misspelling in PAIRS:
        cut = tokenizer.pieces([name, misspelling])
        assert cut == [greedy_pieces(name, vocabulary), greedy_pieces(misspelling, vocabulary)]


def test_xray_counts() -> None:
    tokenizer = load_tokenizer(embedded_folder())
    cut = {text: tokenizer.pieces([text])[0] for pair in PAIRS for text in pair}
    found = xray(tokenizer, PAIRS)
    assert found.pairs == 3
    assert found.fertility_correct == (len(cut["metformin"]) + len(cut["warfarin"])) / 2
    assert found.fertility_misspelled == sum(len(cut[text]) for _, text in PAIRS) / 3
    assert found.more_tokens == sum(len(cut[b]) > len(cut[a]) for a, b in PAIRS) / 3
    assert found.first_piece_kept == sum(cut[b][0] == cut[a][0] for a, b in PAIRS) / 3


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"\x00" * 1000])
def test_files_that_are_no_tokenizer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokenizer.json"
    with pytest.raises(InputError, match="No such tokenizer"):
        load_tokenizer(path)
    path.write_bytes(content)
    with pytest.raises(InputError, match="Not a tokenizer"):
        load_tokenizer(path)
