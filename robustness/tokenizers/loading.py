"""From a specification to a tokenizer; the adapter that it needs is imported here and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from robustness.errors import InputError
from robustness.tokenizers.references import ByteTokenizer, CharacterTokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.tokenizers.protocol import Tokenizer

TOKENIZERS = {
    "reader": "of the embedded reader: short pieces, see docs/hardening.md",
    "reader-clean": "of the same reader before hardening: WordPiece",
    "bytes": "reference: one piece a byte",
    "characters": "reference: one piece a character",
    "tiktoken:NAME": "an encoding of the tiktoken package",
    "FOLDER": "a transformers folder",
    "tokenizer.json": "a file of the tokenizers package",
    "NAME.tiktoken": "a rank file named after its encoding; or FILE#NAME",
    "FILE.model": "a SentencePiece model",
    "tekken.json": "a Mistral tekken file",
    "FILE.gguf": "the tokenizer inside a GGUF file",
    "HUB_ID": "a repository of the Hugging Face hub",
}
"""What can be loaded, with a line each."""
_HINT = "See: robustness list tokenizers."
_IN_FOLDER = ("tokenizer.json", "tekken.json", "tokenizer.model", "*.tiktoken", "*.gguf")


def load_tokenizer(spec: str | Path, *, name: str | None = None) -> Tokenizer:
    """Load a tokenizer.

    Args:
        spec: A form of `TOKENIZERS`.
        name: What reports call it. Default: a word of the specification.

    Raises:
        InputError: There is no such tokenizer, or its file holds something else.
        MissingPackageError: It needs a package that is not installed.
    """
    text = str(spec)
    if not text.strip():
        raise InputError("Empty tokenizer specification", hint=_HINT)
    if text in ("reader", "reader-clean"):
        own = hardened_file() if text == "reader" else embedded_file()
        return _from_file(own, name=name or text, pattern=None)
    if text in ("bytes", "characters"):
        return ByteTokenizer(name or text) if text == "bytes" else CharacterTokenizer(name or text)
    if text.startswith("tiktoken:"):
        from robustness.tokenizers.rank_tokenizer import load_encoding

        encoding = text.removeprefix("tiktoken:")
        return load_encoding(encoding, name=name or encoding)
    return _from_path(text, name)


def embedded_file() -> Path:
    """The tokenizer of the embedded reader before hardening."""
    return Path(__file__).resolve().parents[1] / "weights" / "reader" / "tokenizer.json"


def hardened_file() -> Path:
    """The tokenizer of the embedded reader: the one that its adapter brings."""
    return embedded_file().parents[1] / "reader-hardening" / "tokenizer.json"


def _from_path(text: str, name: str | None) -> Tokenizer:
    path, _, pattern = text.partition("#")
    file = Path(path)
    if file.is_dir():
        found = next((f for kind in _IN_FOLDER for f in sorted(file.glob(kind))), None)
        if found is None:
            return _through_transformers(text, name=name or file.resolve().name)
        return _from_file(found, name=name or file.resolve().name, pattern=None)
    if file.exists() or not re.fullmatch(r"[\w-][\w.-]*(/[\w.-]+)?", text) or _kind(file):
        return _from_file(file, name=name or _short(file), pattern=pattern or None)
    return _from_hub(text, name=name or text)


def _from_file(file: Path, *, name: str, pattern: str | None) -> Tokenizer:
    kind = _kind(file)
    if kind == "gguf":
        from robustness.tokenizers.gguf_file import load_gguf

        return load_gguf(file, name=name)
    if kind == "model":
        from robustness.tokenizers.sentencepiece_model import load_sentencepiece

        return load_sentencepiece(file, name=name)
    if kind == "tiktoken":
        from robustness.tokenizers.rank_tokenizer import load_rank_file

        return load_rank_file(file, name=name, pattern=pattern)
    return _from_json(file, name=name)


def _from_json(file: Path, *, name: str) -> Tokenizer:
    load: Callable[..., Tokenizer]
    if file.name.startswith("tekken"):
        from robustness.tokenizers.rank_tokenizer import load_tekken as load
    else:
        from robustness.tokenizers.tokenizer_json import load_tokenizer_json as load
    return load(file, name=name)


def _kind(file: Path) -> str:
    """Which adapter a file's name asks for; empty where it asks for none."""
    found = re.search(r"\.(gguf|model|tiktoken|json)(\.gz|\.v\d\w*)?$", file.name)
    return found[1] if found else ""


def _short(file: Path) -> str:
    """``a/reader/tokenizer.json`` is called reader; other files go by their own name."""
    if file.name in ("tokenizer.json", "tekken.json", "tokenizer.model"):
        return file.resolve().parent.name
    return re.sub(r"\.(gz|tiktoken|json|gguf|model(?=$))", "", file.name)


def _from_hub(hub_id: str, *, name: str) -> Tokenizer:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError

    try:
        file = Path(hf_hub_download(hub_id, "tokenizer.json"))
    except LocalEntryNotFoundError as error:
        raise _unreachable(hub_id) from error
    except EntryNotFoundError:
        return _through_transformers(hub_id, name=name)
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise _unreachable(hub_id) from error
    return _from_file(file, name=name, pattern=None)


def _unreachable(hub_id: str) -> InputError:
    return InputError("No such tokenizer, here or on the hub", value=hub_id, hint=_HINT)


def _through_transformers(spec: str, *, name: str) -> Tokenizer:
    from robustness.tokenizers.transformers_folder import load_transformers

    return load_transformers(spec, name=name, where=spec)
