"""Cells of a CSV file that a spreadsheet must not take for formulas, and the way back.

A cell that begins like a formula gets an apostrophe in front of it, which spreadsheets hide; so does one that
begins with an apostrophe itself, so that what is read is what was written (OWASP, CSV injection).
"""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def safe_cell(text: str) -> str:
    """A text as a cell that is shown as it is.

    >>> safe_cell("=1+1"), safe_cell("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_cell(cell: str) -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
