"""The audit: plan pairs, ask the model, assemble the results; replay one pair.

Re-exports only; the work is in the modules of this room.
"""

from robustness.audit.ask_plan import Wanted
from robustness.audit.assembling import Record
from robustness.audit.plan import Plan, make_plan
from robustness.audit.run import gate_preview, run_audit

__all__ = ["Plan", "Record", "Wanted", "gate_preview", "make_plan", "run_audit"]
