"""Models by their specification, guarded ones among them: ``guard:reader`` is ``reader`` behind a guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.guard.guarded_model import PREFIX, Guard
from robustness.models import load_model

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.models import QAModel


def load_guardable(spec: str, *, task: str | None = None, adapter: Path | None = None) -> QAModel:
    """Load a model, and put a guard in front of it where its specification begins with ``guard:``.

    Args:
        spec: As `robustness.models.load_model` takes it, with or without the prefix.
        task: What the model is asked to do; None for what its configuration says.
        adapter: Folder of a PEFT adapter; None for none.

    Raises:
        ModelError: There is no such model.
        MissingPackageError: The guard or the model needs an optional package.
    """
    loaded = load_model(spec.removeprefix(PREFIX), task=task, adapter=adapter)
    return Guard(loaded) if spec.startswith(PREFIX) else loaded
