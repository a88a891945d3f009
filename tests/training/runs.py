"""Short runs: options for them, and a listener that checks what it hears."""

from __future__ import annotations

from robustness.training.options import TrainingOptions


def small(base: str, **changes: object) -> TrainingOptions:
    settings: dict[str, object] = {
        "base": base,
        "steps": 6,
        "batch_size": 2,
        "evaluate_every": 2,
        "evaluation_questions": 4,
        "learning_rate": 0.01,
        "precision": "float32",
    }
    return TrainingOptions(**(settings | changes))  # type: ignore[arg-type]


def silent(*, step: int, loss: float, accuracy: float | None) -> None:
    assert step > 0
    assert loss > 0
    assert accuracy is None or 0 <= accuracy <= 1
