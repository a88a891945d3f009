"""The HTML failure report: one file that needs no network and no script.

Re-exports only. `page` puts the report together, `failures` its long list, `diff` marks what differs
between two names, `sections` prepares the shorter sections; the markup is in the templates.
"""

from robustness.reporting.html.page import html_report

__all__ = ["html_report"]
