"""Sentences on what an audit asked and found in addition to its rates, the same in every format."""

from __future__ import annotations

from typing import Any

from robustness.reporting.wording import bounds, interval


def notes(results: dict[str, Any]) -> list[str]:
    """The sentences that these results give rise to; none for a key that they do not have."""
    found = (_data(results), accuracy(results), _look_alikes(results), _invented(results))
    return [sentence for sentence in found if sentence]


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


def accuracy(results: dict[str, Any]) -> str:
    """How often the model was right with the correct and with the misspelled name; empty where it is not known."""
    drop = results["rates"].get("drop")
    if not drop:
        return ""
    difference = drop["difference"]
    low, high = difference["low"] * 100, difference["high"] * 100
    return (
        f"Right in {bounds(drop['correct'])} of the pairs with the correct name and in "
        f"{bounds(drop['misspelled'])} with the misspelled one: "
        f"{difference['estimate'] * 100:.1f} points lower ({low:.1f} to {high:.1f})."
    )


def _look_alikes(results: dict[str, Any]) -> str:
    found = results.get("must_differ")
    if not found:
        return ""
    return f"Look-alikes, both spelled correctly, confused: {interval(found['rate'], 'name pair')}."


def _invented(results: dict[str, Any]) -> str:
    found = results.get("invented")
    if not found:
        return ""
    unable = "" if found.get("able_to_abstain", True) else " This kind of model cannot abstain."
    return f"Drugs that do not exist, answered all the same: {interval(found['rate'], 'name')}.{unable}"
