"""From a model specification to a model.

Decides which adapter a specification needs: by its scheme (``planted:``, ``gguf:``, ``openai:``, ``python:``),
otherwise by what ``config.json`` says of the architecture, otherwise by the task that was asked for. The
adapter is imported here and nowhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError, nearest
from robustness.models.planted.catalogue import PLANTED, planted_model

if TYPE_CHECKING:
    from robustness.models.protocol import QAModel
    from robustness.models.weight_files import ModelFiles

MODELS = {
    "reader": "the embedded extractive reader, hardened against misspelled names",
    "reader-clean": "the same reader before that, fine-tuned on correct names alone: the fragile example",
    **{f"planted:{name}": description for name, description in PLANTED.items()},
    "PATH or HUB_ID": "a transformers folder: an extractive reader, a causal or a seq2seq model",
    "gguf:FILE": "a causal model in a GGUF file",
    "openai:URL#MODEL": "a model behind an OpenAI-compatible endpoint; the key is OPENAI_API_KEY",
    "python:MODULE:CALLABLE": "a function of yours, plain or async: a whole pipeline",
}
"""What can be loaded, with a line each."""
TASKS = {
    "extractive": "take the answer out of a context, with a span head",
    "choice": "choose an option by its likelihood",
    "generate": "write the answer",
}
"""What a model can be asked to do, with a line each."""
_WRITERS = {"choice", "generate"}


def load_model(spec: str, *, task: str | None = None, adapter: Path | None = None) -> QAModel:
    """Load a model.

    Args:
        spec: A key of `MODELS`, a folder or a hub id.
        task: A key of `TASKS`; None for what the model's configuration says.
        adapter: Folder of a PEFT adapter to put on a model of transformers; None for none.

    Raises:
        ModelError: There is no such model, its files are incomplete, or task or adapter do not fit it.
        MissingPackageError: An optional package is needed for it.
    """
    if not spec.strip():
        raise ModelError("Empty model specification", hint="Try --model reader.")
    if task is not None and task not in TASKS:
        raise ModelError("No such task", value=task, hint=nearest(task, TASKS))
    if adapter is not None and not adapter.is_dir():
        raise ModelError("No such adapter folder", value=str(adapter), hint="Give its folder.")
    if spec.partition(":")[0] in ("planted", "openai", "python"):
        return _without_files(spec, task, adapter)
    return _from_files(_files(spec, adapter), spec, task)


EMBEDDED = ("reader", "reader-clean")
"""Models that this package ships."""


def embedded_folder() -> Path:
    """The folder of the embedded reader, fine-tuned on correct names alone."""
    return Path(__file__).resolve().parents[1] / "weights" / "reader"


def hardening_folder() -> Path:
    """The folder of the adapter that hardens the embedded reader."""
    return embedded_folder().with_name("reader-hardening")


def _without_files(spec: str, task: str | None, adapter: Path | None) -> QAModel:
    if task is not None or adapter is not None:
        raise ModelError(
            "Task and adapter are for models that are loaded from files",
            value=spec,
            hint="Leave --task and --adapter out; prompts with options are answered with an option.",
        )
    if spec.startswith("planted:"):
        return planted_model(spec)
    if spec.startswith("openai:"):
        from robustness.models.endpoint.client import load_endpoint

        return load_endpoint(spec)
    from robustness.models.callables import load_callable

    return load_callable(spec)


def _files(spec: str, adapter: Path | None) -> ModelFiles:
    from robustness.models.weight_files import ModelFiles, gguf_files

    if spec.startswith("gguf:"):
        return gguf_files(spec, adapter=adapter)
    if spec == "reader" and adapter is None and hardening_folder().is_dir():
        adapter = hardening_folder()
    folder = embedded_folder() if spec in EMBEDDED else Path(spec).expanduser()
    if not folder.is_dir():
        _check_hub_id(spec, folder)
    return ModelFiles(str(folder) if folder.is_dir() else spec, adapter=adapter)


def _from_files(files: ModelFiles, spec: str, task: str | None) -> QAModel:
    config = files.config()
    possible = _possible_tasks(config, files)
    if task is None and len(possible) == len(TASKS):
        raise ModelError(
            "The configuration does not say what the model does",
            value=spec,
            hint="Add --task extractive, choice or generate.",
        )
    if task is not None and task not in possible:
        raise ModelError(
            f"The model cannot be asked to {task}: it can only {' or '.join(sorted(possible))}",
            value=spec,
            hint="Leave --task out.",
        )
    if "extractive" in possible and task in (None, "extractive"):
        from robustness.models.extractive.reader import load_extractive

        return load_extractive(files, spec=spec)
    from robustness.models.language.causal import load_language_model

    seq2seq = bool(getattr(config, "is_encoder_decoder", False))
    return load_language_model(files, spec=spec, task=task, seq2seq=seq2seq)


def _possible_tasks(config: Any, files: ModelFiles) -> set[str]:
    """The tasks that an architecture allows; all of them where the configuration names none."""
    architecture = str((getattr(config, "architectures", None) or [""])[0])
    if architecture.endswith("ForQuestionAnswering"):
        return {"extractive"}
    if files.gguf or architecture.endswith(("ForCausalLM", "LMHeadModel")):
        return _WRITERS
    if architecture.endswith("ForConditionalGeneration") and config.is_encoder_decoder:
        return _WRITERS
    return set(TASKS)


def _check_hub_id(spec: str, folder: Path) -> None:
    """Refuse what cannot be a hub id, so that a wrong path is not looked up on the network."""
    if folder.exists():
        raise ModelError(
            "The model is a file, not a folder",
            value=spec,
            hint="Give the folder that holds it, or gguf:FILE.",
        )
    if spec in EMBEDDED:
        raise ModelError("The embedded weights are missing", hint="Reinstall the package.")
    parts = spec.split("/")
    looks_like_path = spec.startswith((".", "/", "~")) or len(parts) != 2 or "\\" in spec
    if looks_like_path or not all(parts):
        raise ModelError("No such model folder", value=spec, hint=nearest(spec, MODELS))
