from __future__ import annotations

import pytest
import torch

from robustness.errors import ModelError
from robustness.models import Cut, Prompt, capabilities, load_model
from robustness.models.extractive.forced_cut import put_cuts
from robustness.models.extractive.reader import ExtractiveReader
from robustness.tokenizers import load_tokenizer
from robustness.tokenizers.segmentation import resegment, stretch

CONTEXT = "Metformin is given by mouth. Heparin is given by infusion into a vein."
QUESTION = "How is metformin given?"


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    model = load_model("reader-clean")
    assert isinstance(model, ExtractiveReader)
    return model


def own_cut() -> Cut:
    found = stretch(load_tokenizer("reader-clean"), QUESTION, 7, 16)
    assert found
    return Cut(found.start, found.end, found.ids)


def other_cut(pieces: int) -> Cut:
    own = own_cut()
    ids = resegment(load_tokenizer("reader-clean"), own.ids, pieces=pieces, seed="0")
    assert ids
    return Cut(own.start, own.end, ids)


def test_the_tokenizers_own_cut_changes_nothing(reader: ExtractiveReader) -> None:
    plain = reader.answer([Prompt(QUESTION, CONTEXT)])[0]
    cut = reader.answer([Prompt(QUESTION, CONTEXT, cut=own_cut())])[0]
    assert cut.text == plain.text == "by mouth"
    assert cut.score == plain.score


def test_ids_are_fed_as_given_and_the_context_stays_where_it_is(reader: ExtractiveReader) -> None:
    """Against a row that is put together by hand."""
    cut = other_cut(7)
    encode = reader.tokenizer
    prompts = [Prompt(QUESTION, CONTEXT, cut=cut), Prompt("Why?", CONTEXT)]
    encoded = encode(
        [p.question for p in prompts],
        [p.context for p in prompts],
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    found = put_cuts(encoded, prompts, reader.tokenizer)
    before, after = (
        encode("How is", add_special_tokens=False)["input_ids"],
        encode("given?", add_special_tokens=False)["input_ids"],
    )
    context = encode(CONTEXT, add_special_tokens=False)["input_ids"]
    start, end = encode.cls_token_id, encode.sep_token_id
    row = [start, *before, *cut.ids, *after, end, *context, end]
    assert found["input_ids"][0].tolist() == row
    assert found["token_type_ids"][0].tolist() == [0] * (len(row) - len(context) - 1) + [1] * (
        len(context) + 1
    )
    offsets = encode(CONTEXT, add_special_tokens=False, return_offsets_mapping=True)
    places = [i for i, part in enumerate(found.sequence_ids(0)) if part == 1]
    assert [tuple(found["offset_mapping"][0][i].tolist()) for i in places] == [
        tuple(pair) for pair in offsets["offset_mapping"]
    ]
    plain = [i for i, keep in enumerate(encoded["attention_mask"][1].tolist()) if keep]
    kept = found["attention_mask"][1].bool()
    assert torch.equal(found["input_ids"][1][kept], encoded["input_ids"][1][plain])


def test_another_cut_reaches_the_model(reader: ExtractiveReader) -> None:
    plain, cut, both = (
        reader.answer(prompts)
        for prompts in (
            [Prompt(QUESTION, CONTEXT)],
            [Prompt(QUESTION, CONTEXT, cut=other_cut(8))],
            [Prompt(QUESTION, CONTEXT), Prompt(QUESTION, CONTEXT, cut=other_cut(8))],
        )
    )
    assert plain[0].score != cut[0].score
    assert [answer.score for answer in both] == pytest.approx(
        [plain[0].score, cut[0].score], abs=1e-4
    )
    assert cut[0].text in CONTEXT


@pytest.mark.parametrize("place", [(8, 16), (7, 15), (50, 60), (0, 0)])
def test_a_cut_through_a_token_is_an_error(
    reader: ExtractiveReader, place: tuple[int, int]
) -> None:
    prompt = Prompt(QUESTION, CONTEXT, cut=Cut(*place, ids=(1000,)))
    with pytest.raises(ModelError, match="begin and end where tokens do"):
        reader.answer([prompt])


def test_who_honours_cuts(reader: ExtractiveReader) -> None:
    assert capabilities(reader).honours_cut
    assert capabilities(load_model("planted:fragile-spelling")).honours_cut
    assert not capabilities(load_model("planted:fragile")).honours_cut
