"""Read transformers models from disk or the hub: folder, hub id, GGUF file, and an adapter on top.

Every adapter of a model that runs in this process loads through here, so that the rules are the same: float32,
safetensors or GGUF and never pickle, no remote code, and one clear line for every way in which files can be
wrong. What the weights are used for is not known here.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import warnings
from contextlib import contextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.errors import MissingPackageError, ModelError
from robustness.models.device import device

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_FINGERPRINTED = {
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "adapter_config.json",
}
_ADAPTER_WEIGHTS = "adapter_model.safetensors"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where a model's files are."""

    path: str
    """A folder or a hub id."""
    gguf: str | None = None
    """The GGUF file in that folder; None for safetensors."""
    adapter: Path | None = None
    """Folder of a PEFT adapter; None for the model as it is."""

    @property
    def shown(self) -> str:
        """How messages name the model."""
        return self.path if self.gguf is None else str(Path(self.path) / self.gguf)

    def config(self) -> Any:
        """Its configuration.

        Raises:
            ModelError: There is none that can be read.
        """
        from transformers import AutoConfig

        with one_clear_line(self):
            return AutoConfig.from_pretrained(self.path, trust_remote_code=False, **self._extra())

    def model(self, auto_class: Any) -> tuple[PreTrainedModel, list[str]]:
        """The model in float32, and the names of weights that its files lack.

        Args:
            auto_class: A transformers class such as ``AutoModelForCausalLM``.

        Raises:
            ModelError: The files are missing, truncated, not safetensors, or an adapter does not fit.
        """
        # the GGUF reader draws a progress bar that cannot be turned off
        quiet = redirect_stderr(StringIO()) if self.gguf else nullcontext()
        with one_clear_line(self), quiet:
            model, report = auto_class.from_pretrained(
                self.path,
                dtype="float32",
                trust_remote_code=False,
                output_loading_info=True,
                **({} if self.gguf else {"use_safetensors": True}),
                **self._extra(),
            )
        if self.adapter:
            model = load_adapter(model, self.adapter).merge_and_unload()
        return model.to(device()).eval(), sorted(report["missing_keys"])

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The tokenizer, which knows the place of each token in the text.

        Raises:
            ModelError: There is none, or it has no offsets.
        """
        from transformers import AutoTokenizer

        with one_clear_line(self):
            where = self._own_tokenizer() or self.path
            tokenizer = AutoTokenizer.from_pretrained(
                where, trust_remote_code=False, **self._extra()
            )
        if not tokenizer.is_fast:
            raise ModelError(
                "The tokenizer has no offsets", value=self.shown, hint="Add a tokenizer.json."
            )
        return tokenizer

    def folder(self) -> Path:
        """The folder on this machine, for a hub id that of its snapshot."""
        from transformers.utils.hub import cached_file

        name = self.gguf or "config.json"
        return Path(str(cached_file(self.path, name))).parent

    def fingerprint(self, *decoding: object) -> str:
        """SHA-256 over the files and all that decides about decoding, cut at 16 hex digits."""
        digest = hashlib.sha256("/".join(map(str, decoding)).encode())
        folder = self.folder()
        wanted = [folder / self.gguf] if self.gguf else _weighty(folder)
        for path in [*wanted, *(_weighty(self.adapter) if self.adapter else [])]:
            with path.open("rb") as file:
                digest.update(path.name.encode() + b"\0")
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:16]

    def tokenizer_path(self) -> str | None:
        """Its ``tokenizer.json``, where there is one."""
        file = (self._own_tokenizer() or self.folder()) / "tokenizer.json"
        return str(file) if self.gguf is None and file.is_file() else None

    def held_out_drugs(self) -> frozenset[str] | None:
        """Drugs that it was not trained on, where its ``training.json`` says so."""
        try:
            record = json.loads((self.folder() / "training.json").read_text(encoding="utf-8"))
            names = record["held_out_drugs"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return frozenset(names) if isinstance(names, list) else None

    def _own_tokenizer(self) -> Path | None:
        """The adapter's folder where it brings a tokenizer of its own, which is then the model's."""
        has_one = self.adapter and not self.gguf and (self.adapter / "tokenizer.json").is_file()
        return self.adapter if has_one else None

    def _extra(self) -> dict[str, str]:
        return {"gguf_file": self.gguf} if self.gguf else {}


def gguf_files(spec: str, *, adapter: Path | None = None) -> ModelFiles:
    """The file of a specification such as ``gguf:models/small.gguf``.

    Raises:
        MissingPackageError: The package that reads GGUF is not installed.
        ModelError: There is no such file, or it does not begin as GGUF does.
    """
    path = Path(spec.partition(":")[2]).expanduser()
    if not path.is_file():
        raise ModelError("No such GGUF file", value=str(path), hint="Write gguf:FILE.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelError("Not a GGUF file", value=str(path), hint="Download it again.")
    require("gguf", extra="gguf")
    return ModelFiles(str(path.parent), gguf=path.name, adapter=adapter)


def require(package: str, *, extra: str) -> None:
    """Make sure that an optional package is there.

    Raises:
        MissingPackageError: It is not; the message holds the install line.
    """
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingPackageError(
            f"The package {package} is not installed",
            hint=f"Run: pip install 'medqa-robustness[{extra}]'.",
        )


@contextmanager
def one_clear_line(files: ModelFiles) -> Iterator[None]:
    """Turn whatever a library says of unreadable files into one line."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from huggingface_hub.errors import StrictDataclassError
    from huggingface_hub.utils import logging as hub_logging
    from safetensors import SafetensorError
    from transformers.utils import logging

    logging.set_verbosity_error()
    hub_logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    except (
        *(OSError, ValueError, KeyError, TypeError, IndexError, AttributeError),
        *(RuntimeError, ImportError, ArithmeticError, struct.error, SafetensorError),
        StrictDataclassError,
    ) as error:
        raise ModelError(
            f"The model cannot be loaded ({_first_line(error)})",
            value=files.shown,
            hint="Give a transformers folder with config.json, model.safetensors and tokenizer.json.",
        ) from error


def load_adapter(model: PreTrainedModel, folder: Path, *, trainable: bool = False) -> Any:
    """A model with the PEFT adapter of a folder on it.

    Raises:
        ModelError: There is none, it does not fit, or it adds tokens instead of weights.
    """
    if not (folder / _ADAPTER_WEIGHTS).is_file():
        raise ModelError(
            "No adapter in this folder",
            value=str(folder),
            hint=f"It must hold adapter_config.json and {_ADAPTER_WEIGHTS}.",
        )
    from peft import PeftConfig, PeftModel

    with one_clear_line(ModelFiles(str(folder))), warnings.catch_warnings():
        # peft asks transformers for an attribute under its old name
        warnings.simplefilter("ignore", FutureWarning)
        config = PeftConfig.from_pretrained(str(folder))
        if config.is_prompt_learning:
            raise ModelError(
                "This kind of adapter adds tokens instead of weights",
                value=str(config.peft_type),
                hint="Use one that can be merged, such as LoRA.",
            )
        return PeftModel.from_pretrained(model, str(folder), is_trainable=trainable)


def _weighty(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*"))
        if path.suffix == ".safetensors" or path.name in _FINGERPRINTED
    ]


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:160].rstrip(".")
