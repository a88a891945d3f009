from __future__ import annotations

import base64
import gzip
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from robustness.errors import InputError
from robustness.tokenizers import load_tokenizer
from tests.tokenizers.real import REAL

FILES = {
    "tokenizer.json": REAL["SciBERT"],
    "tekken.json": REAL["Mistral tekken"],
    "cl100k_base.tiktoken": "",
    "cl100k_base.tiktoken.gz": REAL["cl100k"],
    "tokenizer.model": REAL["Mistral v1"],
    "model.gguf": REAL["SmolLM2"],
}


def message(spec: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        load_tokenizer(spec)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"{}", b"not a tokenizer", b"[1, 2]", b"\0" * 5000])
def test_files_that_hold_something_else(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    assert "No such tokenizer" in message(path)
    path.write_bytes(content)
    assert "Not a tokenizer" in message(path)


@pytest.mark.parametrize("name", [name for name, real in FILES.items() if real])
def test_truncated_files(tmp_path: Path, name: str) -> None:
    with Path(FILES[name]).open("rb") as file:
        (tmp_path / name).write_bytes(file.read(300_000))
    assert "Not a tokenizer" in message(tmp_path / name)


@pytest.mark.parametrize("name", FILES)
def test_two_gigabytes_of_zeros_are_refused_at_once(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    started = time.perf_counter()
    assert "Not a tokenizer" in message(path)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model"])
def test_two_gigabytes_that_begin_like_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b'{"version": "1.0"')
    os.truncate(path, 2 * 2**30)
    assert "too large" in message(path)


def test_a_packed_file_that_unpacks_without_end(tmp_path: Path) -> None:
    path = tmp_path / "cl100k_base.tiktoken.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(300):
            file.write(b"\0" * 2**20)
    assert "too large when unpacked" in message(path)


@pytest.mark.parametrize(("name", "real"), [("a.model", "SmolLM2"), ("a.gguf", "Mistral v1")])
def test_files_under_the_name_of_another_kind(tmp_path: Path, name: str, real: str) -> None:
    shutil.copy(REAL[real], tmp_path / name)
    assert "Not a tokenizer" in message(tmp_path / name)


@pytest.mark.parametrize(
    "lines",
    [
        ["YQ== 0"],
        [f"{base64.b64encode(bytes([b])).decode()} 7" for b in range(256)],
        [f"{base64.b64encode(bytes([b])).decode()} {b - 1}" for b in range(256)],
        [f"{base64.b64encode(bytes([b])).decode()} {2**70 + b}" for b in range(256)],
    ],
)
def test_ranks_that_make_no_encoding(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "cl100k_base.tiktoken"
    path.write_text("\n".join(lines))
    assert "Not a tokenizer" in message(path)


def test_a_rank_file_must_say_how_words_are_split(tmp_path: Path) -> None:
    path = tmp_path / "mine.tiktoken"
    path.write_bytes(gzip.decompress(Path(REAL["cl100k"]).read_bytes()))
    assert "mine.tiktoken#cl100k_base" in message(path)
    loaded = load_tokenizer(f"{path}#cl100k_base")
    assert loaded.pieces(["metformin"]) == load_tokenizer(REAL["cl100k"]).pieces(["metformin"])
    assert loaded.name == "mine"


@pytest.mark.parametrize("spec", ["", "./nowhere", "a/b/c", "nowhere.gguf", "tiktoken:cl100k"])
def test_specifications_that_cannot_be_tokenizers(spec: str) -> None:
    assert message(spec)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "Not a tokenizer" in message(tmp_path)


@pytest.mark.parametrize("package", ["tiktoken", "sentencepiece"])
def test_a_missing_package_says_how_to_install_it(package: str) -> None:
    real = REAL["cl100k" if package == "tiktoken" else "Mistral v1"]
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"from robustness.tokenizers import load_tokenizer\nload_tokenizer({real!r})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = run.stderr.strip().splitlines()[-1]
    assert "MissingPackageError" in last
    assert f"pip install 'medqa-robustness[{package}]'" in last


def test_names_and_fingerprints(tmp_path: Path) -> None:
    assert load_tokenizer(REAL["cl100k"]).name == "cl100k_base"
    assert load_tokenizer(REAL["SciBERT"]).name == "tokenizer2"
    assert load_tokenizer("reader").name == "reader"
    assert load_tokenizer("reader-clean").fingerprint != load_tokenizer("reader").fingerprint
    assert load_tokenizer("reader", name="mine").name == "mine"
    prints = {load_tokenizer(REAL[name]).fingerprint for name in ("cl100k", "Qwen", "SciBERT")}
    assert len(prints) == 3
    copy = tmp_path / "tokenizer.json"
    shutil.copy(REAL["SciBERT"], copy)
    assert load_tokenizer(copy).fingerprint == load_tokenizer(REAL["SciBERT"]).fingerprint
    copy.write_text(copy.read_text().replace("##form", "##farm"))
    assert load_tokenizer(copy).fingerprint != load_tokenizer(REAL["SciBERT"]).fingerprint
