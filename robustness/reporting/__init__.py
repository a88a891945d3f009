"""Reports, one module a format, all made from saved results alone: no model and no torch is needed.

Re-exports only; the work is in the modules of this room.
"""

from robustness.reporting.formats import FORMATS, write_reports

__all__ = ["FORMATS", "write_reports"]
