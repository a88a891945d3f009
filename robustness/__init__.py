"""Robustness tests for language models that answer questions about prescription drugs.

This package changes a drug's name the way people really misspell it, asks the model again and says
whether the answer held. It does not judge whether an answer is good medicine: it is a test tool and
no medical device. The rooms, in the order in which the data goes through them, are drawn in ARCHITECTURE.md.

The names below are all that a notebook needs. They are imported when they are first used.

>>> import robustness
>>> [one.text for one in robustness.misspell("metformin", 2)]
['metfomin', 'meformin']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from robustness.version import __version__

if TYPE_CHECKING:
    from robustness.api import (
        Audit,
        audit_model,
        compare_audits,
        load_audit,
        load_tokenizer,
        misspell,
        search_model,
        xray,
    )
    from robustness.guard import Guard, repair
    from robustness.guard.loading import load_guardable as load_model
    from robustness.models import Answer
    from robustness.questions.prompt import Prompt

__all__ = [
    "Answer",
    "Audit",
    "Guard",
    "Prompt",
    "__version__",
    "audit_model",
    "compare_audits",
    "load_audit",
    "load_model",
    "load_tokenizer",
    "misspell",
    "repair",
    "search_model",
    "xray",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'robustness' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module("robustness.api"), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
