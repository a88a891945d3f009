"""The guard: corrects drug names in front of a model, and asks back where a correction would be a guess.

Re-exports only; the work is in the modules of this room. The proxy is imported from its own module,
because it needs packages of its own.
"""

from robustness.guard.decision import Action, Thresholds
from robustness.guard.guarded_model import PREFIX, Guard
from robustness.guard.repair import Change, Repair, Repairer, load_repairer, repair

__all__ = [
    "PREFIX",
    "Action",
    "Change",
    "Guard",
    "Repair",
    "Repairer",
    "Thresholds",
    "load_repairer",
    "repair",
]
