from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load_file

from robustness.drugs import load_drugs, load_known_names
from robustness.errors import InputError, ModelError
from robustness.misspellings import load_observed
from robustness.misspellings.noisy_channel.table import load_channel
from robustness.models import load_model
from robustness.models.extractive.reader import ExtractiveReader
from robustness.models.loading import embedded_folder
from robustness.questions import UserDataSource
from robustness.tokenizers import load_tokenizer
from robustness.training.augmentation import Noise
from robustness.training.examples import (
    Example,
    ExampleSource,
    FileQuestions,
    LeafletQuestions,
    is_held_out,
    whole_words,
    with_more_names,
)
from robustness.training.lora import adapter_rank
from robustness.training.loss import Batch, reader_loss
from robustness.training.options import TrainingOptions
from robustness.training.training import train
from tests.training.runs import silent, small

if TYPE_CHECKING:
    from pathlib import Path

HELD = [drug.name for drug in load_drugs() if is_held_out(drug.name, 0.2)]
SEEN = [drug for drug in load_drugs() if drug.name not in HELD]


@pytest.fixture(scope="module")
def noise() -> Noise:
    options = TrainingOptions(base="", noise="observed", noise_share=0.5, resegment=0.3)
    return Noise(options, HELD, load_tokenizer("reader-clean"), channel=load_channel())


@pytest.fixture(scope="module")
def source(noise: Noise) -> ExampleSource:
    return ExampleSource(LeafletQuestions(SEEN, SEEN, []), noise)


def test_as_many_names_are_misspelled_and_cut_as_asked_for(source: ExampleSource) -> None:
    examples = source.batch(0, 0, 400)
    assert 0.4 < sum(one.clean is not None for one in examples) / 400 < 0.6
    assert 0.2 < sum(one.cut is not None for one in examples) / 400 < 0.4
    for one in examples:
        if one.clean is not None:
            assert one.clean.leaflet == one.case.leaflet
            assert one.clean.name == one.clean.drug
            known = load_known_names()
            assert known.is_another_drug(one.case.name, one.clean.name) is None
            assert one.case.question == one.clean.question.replace(one.clean.name, one.case.name)


def test_examples_follow_from_seed_and_step_and_differ_between_steps(
    source: ExampleSource,
) -> None:
    assert source.batch(0, 3, 8) == source.batch(0, 3, 8)
    names = {one.case.name for step in range(40) for one in source.batch(0, step, 8)}
    assert len(names) > len({drug for step in range(40) for drug in _drugs(source, step)})


def _drugs(source: ExampleSource, step: int) -> list[str]:
    return [one.case.drug for one in source.batch(0, step, 8)]


def test_nothing_is_learned_from_misspellings_of_held_out_drugs(noise: Noise) -> None:
    rng = random.Random(0)
    held = next(name for name in HELD if name in load_observed())
    typed = {one.text for one in load_observed()[held]}
    drawn = {one.text for _ in range(50) if (one := noise.misspell(held, rng))}
    assert drawn, "the noisy channel still misspells it"
    other = Noise(
        TrainingOptions(base="", noise="observed", noise_share=1.0, noise_channels=("observed",)),
        HELD,
        None,
    )
    assert other.misspell(held, rng) is None
    assert typed


def test_edits_and_channels_are_kept_to() -> None:
    one_edit = TrainingOptions(base="", noise="observed", noise_share=1.0, noise_edits=1)
    rng = random.Random(0)
    noise = Noise(one_edit, HELD, None, channel=load_channel())
    drawn = [noise.misspell("metformin", rng) for _ in range(60)]
    assert {one.distance for one in drawn if one} == {1}
    ocr = TrainingOptions(base="", noise="observed", noise_share=1.0, noise_channels=("ocr",))
    drawn = [Noise(ocr, HELD, None).misspell("metformin", rng) for _ in range(20)]
    assert {one.channel for one in drawn if one} == {"ocr"}


def test_further_names_are_no_known_ones_a_third_of_them_whole_words() -> None:
    words = whole_words(load_tokenizer("reader-clean"))
    assert "testosterone" in words, "a known name, which must not be drawn"
    more = with_more_names(SEEN, 60, words)
    assert more[: len(SEEN)] == SEEN
    further = [drug.name for drug in more[len(SEEN) :]]
    assert len({drug.name for drug in more}) == len(SEEN) + 60
    assert not any(name in load_known_names() for name in further)
    assert len(set(further) & set(words)) == 20
    assert len(with_more_names(SEEN, 60)) == len(SEEN) + 60, "without words, invented ones"


def test_every_further_name_of_one_kind_is_drawn_where_all_words_are_known() -> None:
    assert len(with_more_names(SEEN, 30, ["metformin"] * 10)) == len(SEEN) + 30


def test_a_cut_feeds_the_same_letters(source: ExampleSource) -> None:
    reader = load_model("reader-clean")
    assert isinstance(reader, ExtractiveReader)
    example = next(one for one in source.batch(0, 0, 50) if one.cut)
    plain = Batch(reader.tokenizer, [example.case])
    cut = Batch(reader.tokenizer, [example.case], [example.cut])
    assert plain.inputs["input_ids"].tolist() != cut.inputs["input_ids"].tolist()

    def letters(batch: Batch) -> str:
        text = str(reader.tokenizer.decode(batch.inputs["input_ids"][0]))
        return text.replace(" ", "")

    assert letters(plain) == letters(cut)
    for batch in (plain, cut):
        tokens = batch.inputs["input_ids"][0, batch.starts[0] : batch.ends[0] + 1]
        said = str(reader.tokenizer.decode(tokens)).replace(" ", "")
        assert said == example.case.gold.lower().replace(" ", "")


def test_consistency_is_the_divergence_from_the_answer_to_the_correct_name(
    source: ExampleSource,
) -> None:
    reader = load_model("reader-clean")
    assert isinstance(reader, ExtractiveReader)
    for module in reader.model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    examples = [one for one in source.batch(0, 1, 8) if one.clean and not one.cut][:2]
    reader.model.train()
    both = [
        float(reader_loss(reader.model, reader.tokenizer, examples, consistency=weight).detach())
        for weight in (0.0, 1.0)
    ]
    wanted = [_scores(reader, one, clean=True) for one in examples]
    given = [_scores(reader, one, clean=False) for one in examples]
    expected = sum(
        float(torch.nn.functional.kl_div(g, w, log_target=True, reduction="sum"))
        for one, other in zip(wanted, given, strict=True)
        for w, g in zip(one, other, strict=True)
    ) / (2 * len(examples))
    assert both[1] - both[0] == pytest.approx(expected, abs=1e-4)
    same = [Example(one.clean) for one in examples if one.clean]
    one, other = (
        float(reader_loss(reader.model, reader.tokenizer, same, consistency=weight).detach())
        for weight in (0.0, 1.0)
    )
    assert one == other


def _scores(reader: ExtractiveReader, example: Example, *, clean: bool) -> list[torch.Tensor]:
    """Log-probabilities over the leaflet's tokens, worked out one question at a time."""
    case = example.clean if clean else example.case
    assert case is not None
    encoded = reader.tokenizer(case.question, case.leaflet.text, return_tensors="pt")
    inside = torch.tensor([part == 1 for part in encoded.sequence_ids(0)])
    with torch.no_grad():
        output = reader.model(**encoded)
    return [
        logits[0][inside].log_softmax(-1) for logits in (output.start_logits, output.end_logits)
    ]


def test_training_on_misspelled_names_can_be_stopped_and_writes_both_accuracies(
    tmp_path: Path, base: str
) -> None:
    settings = {
        "noise": "observed",
        "noise_channels": ("observed", "keyboard"),
        "more_names": 20,
        "resegment": 0.2,
    }

    def stop_at_three(*, step: int, **_: float | None) -> None:
        if step == 3:
            raise KeyboardInterrupt

    whole = train(small(base, **settings), tmp_path / "whole", silent)
    with pytest.raises(KeyboardInterrupt):
        train(small(base, **settings), tmp_path / "broken", stop_at_three)
    assert train(small(base, **settings), tmp_path / "broken", silent) == whole
    assert 0 <= whole["held_out_misspelled_accuracy"] <= 1
    assert "misspelled" in whole["names"]


def test_an_adapter_that_is_stopped_goes_on_and_its_checkpoint_has_no_frozen_weights(
    tmp_path: Path, base: str
) -> None:
    def stop_at_three(*, step: int, **_: float | None) -> None:
        if step == 3:
            raise KeyboardInterrupt

    options = small(base, lora_rank=2)
    train(options, tmp_path / "whole", silent)
    with pytest.raises(KeyboardInterrupt):
        train(options, tmp_path / "broken", stop_at_three)
    kept = load_file(tmp_path / "broken.checkpoint" / "state.safetensors")
    names = [name for name in kept if name.startswith("model/") and name.endswith("weight")]
    assert names
    assert all("lora_" in name for name in names)
    train(options, tmp_path / "broken", silent)
    whole, broken = (
        load_file(tmp_path / run / "adapter_model.safetensors") for run in ("whole", "broken")
    )
    assert whole.keys() == broken.keys()
    assert all(torch.equal(broken[name], tensor) for name, tensor in whole.items())


def test_an_adapter_is_saved_alone_and_loads_on_its_base(tmp_path: Path) -> None:
    options = small(
        str(embedded_folder()), noise="observed", noise_channels=("observed",), lora_rank=4, steps=2
    )
    record = train(options, tmp_path / "adapter", silent)
    assert record["method"] == "lora, rank 4"
    tensors = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    assert {str(one.dtype) for one in tensors.values()} == {"torch.bfloat16"}
    assert sum(path.stat().st_size for path in (tmp_path / "adapter").iterdir()) < 1_500_000
    config = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "reader"
    plain = load_model("reader-clean")
    adapted = load_model("reader-clean", adapter=tmp_path / "adapter")
    assert plain.fingerprint != adapted.fingerprint
    case = ExampleSource(LeafletQuestions(SEEN, SEEN, [])).draw("x")
    one, other = (model.answer([case.prompt])[0].score for model in (plain, adapted))
    assert one != other


def test_training_goes_on_from_an_adapter(tmp_path: Path) -> None:
    base, steps = str(embedded_folder()), {"noise": "observed", "noise_channels": ("observed",)}
    first = small(base, lora_rank=2, steps=1, **steps)
    train(first, tmp_path / "first", silent)
    rank = adapter_rank(tmp_path / "first")
    assert rank == 2
    further = replace(first, adapter=str(tmp_path / "first"), seed=1, learning_rate=1e-9)
    record = train(further, tmp_path / "second", silent)
    assert record["options"]["adapter"] == "first"
    assert record["before"]["options"]["seed"] == 0
    card = (tmp_path / "second" / "README.md").read_text()
    assert "| went on from | an adapter of 1 steps in batches of 2 |" in card
    one, other = (
        load_file(tmp_path / run / "adapter_model.safetensors") for run in ("first", "second")
    )
    assert any(tensor.float().abs().max() > 0 for name, tensor in one.items() if "lora_B" in name)
    for name, tensor in one.items():
        torch.testing.assert_close(other[name], tensor, msg="next to nothing was learned since")


def test_a_folder_without_a_fitting_adapter_is_told(tmp_path: Path, base: str) -> None:
    with pytest.raises(InputError, match="No LoRA adapter"):
        adapter_rank(tmp_path)
    (tmp_path / "adapter_config.json").write_text('{"r": "many"}')
    with pytest.raises(InputError, match="No LoRA adapter"):
        adapter_rank(tmp_path)
    train(small(base, lora_rank=2, steps=1), tmp_path / "small", silent)
    options = small(str(embedded_folder()), lora_rank=2, adapter=str(tmp_path / "small"))
    with pytest.raises(ModelError, match="cannot be loaded"):
        train(options, tmp_path / "other", silent)


def test_training_on_ones_own_questions(tmp_path: Path, base: str) -> None:
    rows = [
        {
            "question": f"What is {drug.name} used for?",
            "answer": drug.indication,
            "context": f"{drug.name} is used for {drug.indication}.",
        }
        for drug in load_drugs()[:60]
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    options = small(
        base, noise="observed", noise_channels=("observed",), questions_from=str(path), steps=2
    )
    assert train(options, tmp_path / "out", silent)["curve"]
    questions = FileQuestions(UserDataSource(path), held_out=True, share=0.2)
    name, write = questions.draw(random.Random(0), "0")
    assert is_held_out(write(None).drug, 0.2)
    assert name in write(None).question
    path.write_text(json.dumps(rows[0] | {"context": ""}))
    with pytest.raises(InputError, match="No question about"):
        train(options, tmp_path / "other", silent)
