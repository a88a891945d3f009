from __future__ import annotations

import dataclasses
import itertools
import json
import math
import shutil
from typing import TYPE_CHECKING

import pytest
import torch

from robustness.errors import ModelError
from robustness.models import (
    Answer,
    PartlyAnsweredError,
    Prompt,
    capabilities,
    load_model,
)
from robustness.models.extractive.reader import MAX_ANSWER_TOKENS, ExtractiveReader, best_spans
from robustness.models.extractive.windows import windows
from robustness.models.loading import embedded_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    model = load_model("reader-clean")
    assert isinstance(model, ExtractiveReader)
    return model


def test_best_spans_agree_with_trying_every_span() -> None:
    generator = torch.Generator().manual_seed(0)
    tokens = MAX_ANSWER_TOKENS + 8
    start, end = (torch.randn(6, tokens, generator=generator) * 3 for _ in range(2))
    allowed = torch.rand(6, tokens, generator=generator) > 0.3
    starts, ends, scores = best_spans(start, end, allowed)
    for row in range(6):
        places = [i for i in range(tokens) if allowed[row, i]]
        weight_start = {i: math.exp(start[row, i].item()) for i in places}
        weight_end = {i: math.exp(end[row, i].item()) for i in places}
        spans = [
            (i, j) for i, j in itertools.product(places, places) if i <= j < i + MAX_ANSWER_TOKENS
        ]
        best = max(spans, key=lambda span: weight_start[span[0]] * weight_end[span[1]])
        assert (starts[row], ends[row]) == best
        total = sum(weight_start.values()) * sum(weight_end.values())
        probability = weight_start[best[0]] * weight_end[best[1]] / total
        assert scores[row] == pytest.approx(probability, rel=1e-4)


def test_answers_stand_in_the_context_and_not_in_the_question(reader: ExtractiveReader) -> None:
    prompts = [
        Prompt(
            "Is a tablet, a capsule or an injection what metformin is?", "Metformin is a syrup."
        ),
        Prompt("What is the dosage form of metformin?", "The dosage form of metformin is tablet."),
    ]
    answers = reader.answer(prompts)
    assert [answer.text in prompt.context for answer, prompt in zip(answers, prompts, strict=True)]
    assert answers[1].text == "tablet"
    assert all(answer.score is not None and 0 <= answer.score <= 1 for answer in answers)


def test_batches_do_not_change_answers(reader: ExtractiveReader) -> None:
    context = "Warfarin is given by mouth. Warfarin is used for venous thrombosis."
    prompts = [
        Prompt("How is warfarin given?", context),
        Prompt(
            "What is warfarin used for?", context + " Heparin is given by infusion into a vein."
        ),
    ]
    together = reader.answer(prompts)
    apart = [reader.answer([prompt])[0] for prompt in prompts]
    assert [a.text for a in together] == [a.text for a in apart]
    assert [a.score for a in together] == pytest.approx([a.score for a in apart], abs=1e-4)
    assert reader.answer([]) == []


def test_a_question_longer_than_the_model_is_an_error_of_that_prompt_alone(
    reader: ExtractiveReader,
) -> None:
    fine = Prompt(
        "What is the dosage form of metformin?", "The dosage form of metformin is tablet."
    )
    prompts = [Prompt("word " * 20_000, "Metformin is a syrup."), fine, Prompt("What?", "")]
    with pytest.raises(PartlyAnsweredError) as caught:
        reader.answer(prompts)
    too_long, answer, empty = caught.value.answers
    assert "leaves no room" in str(too_long)
    assert isinstance(answer, Answer)
    assert answer.text == "tablet"
    assert "context is empty" in str(empty)


def test_an_answer_is_found_anywhere_in_a_context_of_three_thousand_tokens(
    reader: ExtractiveReader,
) -> None:
    sentence = "The dosage form of zolpidem is oral suspension."
    other = "Keep the box away from heat and light and do not throw it into the waste water."
    question = "What is the dosage form of zolpidem?"
    for place in (0, 60, 119, 170):
        sentences = [other] * 171
        sentences[place] = sentence
        context = " ".join(sentences)
        assert len(reader.tokenizer(context)["input_ids"]) > 3000
        answers = reader.answer([Prompt(question, context), Prompt(question, sentence)])
        assert [answer.text for answer in answers] == ["oral suspension"] * 2


@pytest.mark.parametrize(("tokens", "room"), [(1, 5), (5, 5), (3000, 480), (700, 479), (99, 2)])
def test_windows_cover_a_context_and_keep_each_token_where_it_sees_most(
    tokens: int, room: int
) -> None:
    cut = windows(tokens, room)
    kept = [token for window in cut for token in range(window.keep_start, window.keep_end)]
    assert kept == list(range(tokens))
    for window in cut:
        assert window.start <= window.keep_start < window.keep_end <= window.end
        assert window.end - window.start <= room
    for token in range(tokens):
        edges = {
            min(
                token - w.start if w.start else tokens,
                w.end - 1 - token if w.end < tokens else tokens,
            ): w
            for w in cut
            if w.start <= token < w.end
        }
        best = max(edges)
        used = next(w for w in cut if w.keep_start <= token < w.keep_end)
        mine = min(
            token - used.start if used.start else tokens,
            used.end - 1 - token if used.end < tokens else tokens,
        )
        assert best - mine <= 1


def test_windows_change_no_score_of_a_model_that_could_read_the_whole(
    reader: ExtractiveReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = Prompt("How is warfarin given?", "Warfarin is given by mouth. " * 3)
    whole = reader.answer([prompt])[0]
    monkeypatch.setattr(ExtractiveReader, "limit", property(lambda _: 45))
    monkeypatch.setattr("robustness.models.extractive.windows.OVERLAP", 30)
    in_windows = reader.answer([prompt])[0]
    assert in_windows.text == whole.text == "by mouth"


def test_no_answer_is_given_only_by_models_that_say_so(reader: ExtractiveReader) -> None:
    start = torch.tensor([[9.0, 0.0, 3.0, 0.0]])
    end = torch.tensor([[9.0, 0.0, 0.0, 3.0]])
    in_context = torch.tensor([[False, True, True, True]])
    offsets = torch.tensor([[[0, 0], [0, 3], [4, 8], [9, 12]]])
    context = ["the blue pill"]
    (without,) = reader._answers(context, offsets, start, end, in_context)
    trained = dataclasses.replace(reader, no_answer=True)
    assert [capabilities(one).can_abstain for one in (reader, trained)] == [False, True]
    (with_it,) = trained._answers(context, offsets, start, end, in_context)
    assert isinstance(without, Answer)
    assert isinstance(with_it, Answer)
    assert (without.text, with_it.text) == ("blue pil", "")
    share = math.exp(9) / (math.exp(9) + math.exp(3) + 2)
    assert with_it.score == pytest.approx(share**2)


def test_the_fingerprint_follows_the_files(tmp_path: Path, reader: ExtractiveReader) -> None:
    copy = shutil.copytree(embedded_folder(), tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text())
    same = load_model(str(copy))
    assert same.fingerprint == reader.fingerprint
    config["layer_norm_eps"] = 1e-6
    (copy / "config.json").write_text(json.dumps(config))
    assert load_model(str(copy)).fingerprint != reader.fingerprint


def test_held_out_drugs_are_read_from_the_training_record(reader: ExtractiveReader) -> None:
    assert reader.held_out_drugs
    assert 80 <= len(reader.held_out_drugs) <= 130


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("missing", "No such model folder"),
        ("file", "a file, not a folder"),
        ("empty", "cannot be loaded"),
        ("truncated", "cannot be loaded"),
        ("no weights", "cannot be loaded"),
        ("bad config", "cannot be loaded"),
        ("no head", "no trained span head"),
    ],
)
def test_damaged_models_are_one_clear_line(tmp_path: Path, damage: str, message: str) -> None:
    folder = tmp_path / "model"
    if damage == "file":
        folder.write_text("x")
    elif damage == "empty":
        folder.mkdir()
    elif damage != "missing":
        shutil.copytree(embedded_folder(), folder)
        spoil(folder, damage)
    with pytest.raises(ModelError) as caught:
        load_model(str(folder))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def spoil(folder: Path, damage: str) -> None:
    weights = folder / "model.safetensors"
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:1_000_000])
    elif damage == "no weights":
        weights.unlink()
    elif damage == "bad config":
        (folder / "config.json").write_text("{")
    elif damage == "no head":
        from safetensors.torch import load_file, save_file

        tensors = load_file(weights)
        kept = {name: value for name, value in tensors.items() if "qa_outputs" not in name}
        save_file(kept, weights, metadata={"format": "pt"})


@pytest.mark.parametrize("spec", ["", "./nowhere", "no-such-model", "a/b/c"])
def test_specifications_that_cannot_be_models(spec: str) -> None:
    with pytest.raises(ModelError):
        load_model(spec)
