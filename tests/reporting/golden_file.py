"""Compare a text with a file that is kept, after scrubbing what may differ, by name.

To accept a change: ``UPDATE_GOLDEN=1 pytest tests/reporting``, then read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).parent / "golden"
SCRUBS = {
    "style": (r"<style>.*?</style>", "<style>…</style>"),
    "script": (r"<script>.*?</script>", "<script>…</script>"),
    "script hash": (r"sha256-[\w+/=]+", "sha256-…"),
    "plots": (r'(<svg role="img" aria-label="[^"]*").*?</svg>', r"\1>…</svg>"),
}


def assert_golden(name: str, text: str, *, scrubs: Iterable[str] = ()) -> None:
    for scrub in scrubs:
        pattern, replacement = SCRUBS[scrub]
        text, found = re.subn(pattern, replacement, text, flags=re.DOTALL)
        assert found, f"nothing to scrub: {scrub}"
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
