"""What a model can do and how it wants to be asked: one record, forwarded whole by everything that wraps a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robustness.models.protocol import QAModel


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What is true of a model that says nothing about itself: the defaults."""

    can_abstain: bool = True
    """Whether it has a way to give no answer."""
    depends_on_batch: bool = False
    """Whether answers may differ in the last bits with what is asked together."""
    honours_cut: bool = False
    """Whether it feeds the ids of `robustness.questions.prompt.Cut`."""
    device: str = ""
    """Kind of device that computes in this process: ``cpu``, ``cuda``; empty for models that do not."""
    prompts_at_once: int | None = None
    """Prompts of a batch; None for as many as the caller likes."""
    tokens_at_once: int | None = None
    """Tokens of a batch, padding counted; None for as many as the caller likes."""


_DEFAULT = Capabilities()


def capabilities(model: QAModel) -> Capabilities:
    """What a model says in its attribute ``capabilities``, or the defaults where it says nothing."""
    found = getattr(model, "capabilities", None)
    return found if isinstance(found, Capabilities) else _DEFAULT
