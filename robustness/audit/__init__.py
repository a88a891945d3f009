"""The audit: plan pairs, ask the model, judge, save.

Re-exports only; the work is in the modules of this room.
"""

from robustness.audit.events import BatchAnswered, Event, Planned, Setback
from robustness.audit.plan import Pair, Plan, make_plan
from robustness.audit.results import SCHEMA_VERSION, load_results, save_results
from robustness.audit.run import run_audit
from robustness.audit.sources import check_answerable, embedded_source
from robustness.audit.store import Store

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
    "load_results",
    "make_plan",
    "run_audit",
    "save_results",
]
