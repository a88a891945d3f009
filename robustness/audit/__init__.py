"""The audit: plan pairs, ask the model, judge, save.

Re-exports only; the work is in the modules of this room.
"""

from robustness.answers.events import BatchAnswered, Event, Planned, Setback
from robustness.answers.store import Store
from robustness.audit.plan import Plan, make_plan
from robustness.audit.run import gate_preview, run_audit
from robustness.questions.loading import check_answerable, embedded_source
from robustness.questions.pair import Pair
from robustness.results.audit_json import SCHEMA_VERSION, load_results, save_results

__all__ = [
    "SCHEMA_VERSION",
    "BatchAnswered",
    "Event",
    "Pair",
    "Plan",
    "Planned",
    "Setback",
    "Store",
    "check_answerable",
    "embedded_source",
    "gate_preview",
    "load_results",
    "make_plan",
    "run_audit",
    "save_results",
]
