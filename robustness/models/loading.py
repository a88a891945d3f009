"""From a model specification to a model.

Specifications so far: ``reader`` (the embedded one), ``planted:NAME``, and a folder or hub id of an
extractive reader. The adapter that a specification needs is imported here and nowhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from robustness.errors import ModelError, nearest
from robustness.models.planted import PLANTED, planted_model

if TYPE_CHECKING:
    from robustness.models.protocol import QAModel

MODELS = {
    "reader": "the embedded extractive reader, fine-tuned on clean names",
    **{f"planted:{name}": description for name, description in PLANTED.items()},
    "PATH or HUB_ID": "an extractive reader: a transformers folder with a span head",
}
"""What can be loaded, with a line each."""


def load_model(spec: str) -> QAModel:
    """Load a model.

    Args:
        spec: A key of `MODELS`, a folder or a hub id.

    Raises:
        ModelError: There is no such model, or its files are incomplete or of another kind.
    """
    if not spec.strip():
        raise ModelError("Empty model specification", hint="Try --model reader.")
    if spec.startswith("planted:"):
        return planted_model(spec)
    folder = embedded_folder() if spec == "reader" else Path(spec)
    if not folder.is_dir():
        _check_hub_id(spec, folder)
    from robustness.models.extractive import load_extractive

    return load_extractive(str(folder) if folder.is_dir() else spec, spec=spec)


def embedded_folder() -> Path:
    """The folder of the embedded reader."""
    return Path(__file__).resolve().parents[1] / "weights" / "reader"


def _check_hub_id(spec: str, folder: Path) -> None:
    """Refuse what cannot be a hub id, so that a wrong path is not looked up on the network."""
    if folder.exists():
        raise ModelError(
            "The model is a file, not a folder", value=spec, hint="Give the folder that holds it."
        )
    if spec == "reader":
        raise ModelError("The embedded weights are missing", hint="Reinstall the package.")
    parts = spec.split("/")
    looks_like_path = spec.startswith((".", "/", "~")) or len(parts) != 2 or "\\" in spec
    if looks_like_path or not all(parts):
        raise ModelError("No such model folder", value=spec, hint=nearest(spec, MODELS))
