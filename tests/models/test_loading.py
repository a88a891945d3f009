"""From a specification to the right adapter, and one clear line where there is none."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from robustness.errors import MissingPackageError, ModelError
from robustness.models import Prompt, capabilities, load_model
from robustness.models.loading import embedded_folder
from robustness.models.weight_files import require
from tests.models import tiny

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    return {kind: tiny.save(root / kind, kind=kind) for kind in ("llama", "gpt2", "seq2seq")}


@pytest.mark.parametrize(
    ("folder", "task", "kind"),
    [
        ("llama", None, "causal"),
        ("gpt2", "choice", "choice"),
        ("llama", "generate", "generate"),
        ("seq2seq", None, "seq2seq"),
        ("seq2seq", "choice", "choice"),
    ],
)
def test_the_configuration_says_what_a_model_is(
    folders: dict[str, Path], folder: str, task: str | None, kind: str
) -> None:
    model = load_model(str(folders[folder]), task=task)
    assert model.kind == kind
    assert model.tokenizer_path == str(folders[folder] / "tokenizer.json")
    with_options = Prompt("gout?", options=("asthma", "gout"))
    if task != "generate":
        assert model.answer([with_options])[0].text in with_options.options
    if task == "choice":
        with pytest.raises(ModelError, match="Nothing to choose from"):
            model.answer([Prompt("gout?")])
    else:
        without = model.answer([with_options, Prompt("gout?"), with_options])
        assert without[0] == without[2]
        assert without[1].score is None


@pytest.mark.parametrize(
    ("spec", "task", "message"),
    [
        ("reader", "choice", "can only extractive"),
        ("reader", "chose", "Did you mean 'choice'"),
        ("llama", "extractive", "can only choice or generate"),
        ("planted:robust", "choice", "loaded from files"),
        ("gguf:", None, "No such GGUF file"),
        ("gguf:config.json", None, "No such GGUF file"),
        ("openai:nowhere", None, "Not an endpoint"),
        ("python:nowhere", None, "Not a callable"),
    ],
)
def test_tasks_and_specifications_that_do_not_fit(
    folders: dict[str, Path], spec: str, task: str | None, message: str
) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        load_model(str(folders.get(spec, spec)), task=task)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_gguf(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ModelError, match="Not a GGUF file"):
        load_model(f"gguf:{tmp_path / 'model.gguf'}")
    (tmp_path / "model.gguf").write_bytes(b"GGUF\x03\x00\x00\x00 cut off")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(f"gguf:{tmp_path / 'model.gguf'}")


def test_an_architecture_that_says_nothing_needs_a_task(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    folder = shutil.copytree(folders["llama"], tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    config["architectures"] = ["LlamaModel"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="Add --task"):
        load_model(str(folder))
    chooser = load_model(str(folder), task="choice")
    assert chooser.kind == "choice"
    assert not capabilities(chooser).can_abstain
    with pytest.raises(ModelError, match="no trained span head"):
        load_model(str(folder), task="extractive")


def test_an_encoder_has_no_language_head(tmp_path: Path) -> None:
    folder = shutil.copytree(embedded_folder(), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    config["architectures"] = ["BertLMHeadModel"]
    config["is_decoder"] = True
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="no trained language head"):
        load_model(str(folder))


def test_fingerprints_follow_files_task_and_template(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    folder = shutil.copytree(folders["llama"], tmp_path / "model")
    seen = {load_model(str(folder), task=task).fingerprint for task in (None, "choice", "generate")}
    assert load_model(str(folders["llama"])).fingerprint in seen
    (folder / "chat_template.jinja").write_text(tiny.CHAT)
    seen.add(load_model(str(folder)).fingerprint)
    assert len(seen) == 4


@pytest.mark.parametrize("damage", ["missing", "no weights", "pickle"])
def test_adapters_that_cannot_be_used(
    tmp_path: Path, folders: dict[str, Path], damage: str
) -> None:
    adapter = tmp_path / "adapter"
    if damage != "missing":
        adapter.mkdir()
        (adapter / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    if damage == "pickle":
        (adapter / "adapter_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelError, match=r"No (such )?adapter") as caught:
        load_model(str(folders["llama"]), adapter=adapter)
    assert "\n" not in str(caught.value)


def test_a_missing_package_is_named_with_its_install_line() -> None:
    with pytest.raises(MissingPackageError, match=r"pip install 'medqa-robustness\[gguf\]'"):
        require("no_such_package_is_installed", extra="gguf")


def test_task_and_adapter_are_recorded_and_replayed(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    def robustness(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "robustness", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)

    out = str(tmp_path / "out")
    model = ["--model", str(folders["llama"]), "--task", "generate"]
    run = robustness("audit", *model, "--budget", "4", "--fail-under", "0", "--out", out)
    assert run.returncode == 0, run.stderr
    results = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert results["model"]["task"] == results["model"]["kind"] == "generate"
    assert results["model"]["adapter"] is None
    if results["failures"]:
        case = results["failures"][0]["case_id"]
        again = robustness("replay", case, "--audit", out)
        assert again.returncode == 0, again.stderr
        assert results["failures"][0]["verdict"] in again.stdout
    wrong = robustness("audit", "--task", "chose", "--out", out)
    assert wrong.returncode == 2
    assert "task" in wrong.stderr
