from __future__ import annotations

import itertools
import json
import math
import shutil
from typing import TYPE_CHECKING

import pytest
import torch

from robustness.errors import ModelError
from robustness.models import Prompt, load_model
from robustness.models.extractive import MAX_ANSWER_TOKENS, ExtractiveReader, best_spans
from robustness.models.loading import embedded_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    model = load_model("reader")
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


def test_too_long_a_prompt_is_an_error(reader: ExtractiveReader) -> None:
    with pytest.raises(ModelError, match="longer than the model reads"):
        reader.answer([Prompt("What?", "word " * 2000)])


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
