"""Reports, one module a format, all made from saved results alone: no model and no torch is needed.

Re-exports only; the work is in the modules of this room.
"""

from robustness.reporting.formats import AUDIT_FORMATS, FORMATS, write_reports

__all__ = ["AUDIT_FORMATS", "FORMATS", "write_reports"]
