"""Models that answer questions, behind one method.

Re-exports only; adapters are imported when one is loaded, so that this room stays light.
"""

from robustness.models.loading import MODELS, load_model
from robustness.models.protocol import (
    Answer,
    PartlyAnsweredError,
    QAModel,
    can_abstain,
    depends_on_batch,
    honours_cut,
)
from robustness.questions.prompt import Cut, Prompt

__all__ = [
    "MODELS",
    "Answer",
    "Cut",
    "PartlyAnsweredError",
    "Prompt",
    "QAModel",
    "can_abstain",
    "depends_on_batch",
    "honours_cut",
    "load_model",
]
