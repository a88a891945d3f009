"""Sentences on what an audit was asked and found beside its rates, the same in every format."""

from __future__ import annotations

from typing import Any


def notes(results: dict[str, Any]) -> list[str]:
    """The sentences that these results give rise to; none for a key that they do not have."""
    return [sentence for sentence in (_data(results),) if sentence]


def _data(results: dict[str, Any]) -> str:
    source = results["data"].get("source", {})
    if source.get("kind") != "file":
        return ""
    skipped = len(results["data"]["skipped_rows"])
    bad = source["bad_rows"]
    return (
        f"Questions from {source['path']}: {source['rows_asked']:,} of {source['rows']:,} rows name a drug "
        f"and were used, {skipped:,} left out ({bad:,} of them bad; audit.json lists them)."
    )
