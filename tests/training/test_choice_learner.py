from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import torch

from robustness.errors import InputError
from robustness.misspellings import load_observed
from robustness.models import load_model
from robustness.training.choice_learner import ChoiceLearner, ChoiceQuestions
from robustness.training.examples import Example, ExampleSource
from robustness.training.options import TrainingOptions
from robustness.training.training import train
from tests.models import tiny
from tests.training.runs import silent, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def causal(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny.save(tmp_path_factory.mktemp("causal")))


def examples() -> list[Example]:
    source = ChoiceQuestions({"metformin", "warfarin"}, seed=0)
    clean = ExampleSource(source).draw("0")

    name, write = source.draw(random.Random("0"), "0")
    assert name == clean.name
    return [Example(clean), Example(write(load_observed()[name][0]), clean)]


def test_the_loss_is_that_of_the_scores_that_the_audit_chooses_by(causal: str) -> None:
    learner = ChoiceLearner(TrainingOptions(base=causal, task="choice", consistency=1.0))
    clean, noisy = examples()
    learner.model.eval()
    (answer,) = load_model(causal, task="choice").answer([clean.case.prompt])
    shares = learner._shares(clean.case).detach().double().softmax(0)
    assert answer.text == clean.case.options[int(shares.argmax())]
    assert answer.score == pytest.approx(float(shares.max()), abs=1e-4)
    right = clean.case.options.index(clean.case.gold)
    assert float(learner.loss([clean]).detach()) == pytest.approx(
        -float(shares[right].log()), abs=1e-4
    )
    other = learner._shares(noisy.case).detach().double().softmax(0)
    expected = -other[right].log() + torch.sum(shares * (shares.log() - other.log()))
    assert float(learner.loss([noisy]).detach()) == pytest.approx(float(expected), abs=1e-4)


def test_an_adapter_for_a_causal_model_is_trained_and_loads(tmp_path: Path, causal: str) -> None:
    options = small(
        causal, task="choice", noise="observed", noise_channels=("observed",), lora_rank=2
    )
    record = train(options, tmp_path / "adapter", silent)
    assert [point["step"] for point in record["curve"]] == [2, 4, 6]
    card = (tmp_path / "adapter" / "README.md").read_text()
    assert "pipeline_tag: text-generation" in card
    assert "chooses the likeliest of some options" in card
    assert "MiniLM" not in card
    assert "license" not in card, "the base's licence is not known"
    adapted = load_model(causal, task="choice", adapter=tmp_path / "adapter")
    (clean, _) = examples()
    before = load_model(causal, task="choice").answer([clean.case.prompt])[0]
    assert adapted.answer([clean.case.prompt])[0].score != before.score


def test_what_cannot_be_trained_is_refused() -> None:
    with pytest.raises(InputError, match="--lora-rank"):
        ChoiceLearner(TrainingOptions(base="gguf:some.gguf", task="choice"))
