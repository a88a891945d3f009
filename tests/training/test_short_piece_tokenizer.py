from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from robustness.models import load_model
from robustness.models.extractive.reader import ExtractiveReader
from robustness.tokenizers import load_tokenizer
from robustness.training.examples import ExampleSource, LeafletQuestions
from robustness.training.training import train
from tests.training.runs import silent, small
from tests.training.test_augmentation import SEEN

if TYPE_CHECKING:
    from pathlib import Path

SHORT = {"short_pieces": 2, "short_leaflets": 0.5, "steps": 2}


@pytest.fixture(scope="module")
def adapter(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapter") / "short"
    train(small(base, lora_rank=2, **SHORT), folder, silent)
    return folder


@pytest.fixture(scope="module")
def reader(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same base as a reader, to put adapters on."""
    folder = tmp_path_factory.mktemp("reader") / "reader"
    train(small(base, steps=1), folder, silent)
    return folder


def test_an_adapter_brings_its_tokenizer(reader: Path, adapter: Path) -> None:
    plain, other = load_model(str(reader)), load_model(str(reader), adapter=adapter)
    assert isinstance(other, ExtractiveReader)
    assert (plain.tokenizer_path, other.tokenizer_path) == (
        str(reader / "tokenizer.json"),
        str(adapter / "tokenizer.json"),
    )
    assert other.tokenizer_path is not None
    pieces = load_tokenizer(other.tokenizer_path).pieces(["testosterone"])[0]
    assert other.tokenizer.tokenize("testosterone") == pieces
    assert max(len(piece.removeprefix("##")) for piece in pieces) == 2
    case = ExampleSource(LeafletQuestions(SEEN, SEEN, [])).draw("x")
    assert other.answer([case.prompt])[0].text
    ids = other.tokenizer("a", "b")
    assert (ids["input_ids"][0], ids["token_type_ids"]) == (101, [0, 0, 0, 1, 1])


def test_the_tokenizer_is_part_of_the_fingerprint(reader: Path, adapter: Path) -> None:
    before = load_model(str(reader), adapter=adapter).fingerprint
    file = adapter / "tokenizer.json"
    content = file.read_text()
    file.write_text(json.dumps(json.loads(content) | {"normalizer": None}))
    assert load_model(str(reader), adapter=adapter).fingerprint != before
    file.write_text(content)
    assert load_model(str(reader), adapter=adapter).fingerprint == before


def test_training_goes_on_with_the_tokenizer_of_an_adapter(
    base: str, adapter: Path, tmp_path: Path
) -> None:
    further = replace(small(base, lora_rank=2, steps=1), adapter=str(adapter))
    train(further, tmp_path / "second", silent)
    one, other = (load_tokenizer(folder) for folder in (adapter, tmp_path / "second"))
    assert one.fingerprint == other.fingerprint


def test_all_weights_can_be_trained_with_short_pieces_and_other_cuts(
    base: str, tmp_path: Path
) -> None:
    options = small(base, noise="observed", noise_channels=("observed",), resegment=1.0, **SHORT)
    record = train(options, tmp_path / "out", silent)
    assert record["options"]["short_pieces"] == 2
    model = load_model(str(tmp_path / "out"))
    assert isinstance(model, ExtractiveReader)
    assert len(model.tokenizer.tokenize("testosterone")) > 5


def test_short_leaflets_are_shorter_and_still_tell_drugs_apart() -> None:
    long, short = (
        [
            ExampleSource(LeafletQuestions(SEEN, SEEN, [], short=share)).draw(f"{i}")
            for i in range(60)
        ]
        for share in (0.0, 1.0)
    )
    words = [sum(len(case.leaflet.text.split()) for case in cases) for cases in (long, short)]
    assert words[1] < 0.6 * words[0]
    for case in short:
        values = [fact.value for fact in case.leaflet.facts if fact.relation == case.relation]
        assert len(values) >= 3
        assert values.count(case.gold) == 1
