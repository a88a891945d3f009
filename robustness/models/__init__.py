"""Models that answer questions, behind one method.

Re-exports only; adapters are imported when one is loaded, so that this room stays light.
"""

from robustness.models.capabilities import Capabilities, capabilities
from robustness.models.loading import MODELS, load_model
from robustness.models.protocol import (
    Answer,
    PartlyAnsweredError,
    QAModel,
)
from robustness.questions.prompt import Cut, Prompt

__all__ = [
    "MODELS",
    "Answer",
    "Capabilities",
    "Cut",
    "PartlyAnsweredError",
    "Prompt",
    "QAModel",
    "capabilities",
    "load_model",
]
