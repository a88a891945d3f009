"""Audits that were killed end like one that was not; benchmarks/crashes.py does the same 100 times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.crashes import crash, full_disk, truncated

if TYPE_CHECKING:
    from pathlib import Path


def test_killed_audits_lose_nothing_and_end_like_an_undisturbed_one(tmp_path: Path) -> None:
    tally = crash(tmp_path, kills=6, model="planted:slow", budget=40, seed=1)
    assert tally.problems == []
    assert tally.kills >= 6
    assert tally.audits


def test_a_full_disk_is_a_clear_error_and_the_audit_goes_on(tmp_path: Path) -> None:
    tally = full_disk(tmp_path, sizes=[4096, 20_000, 60_000], model="planted:fragile", budget=40)
    assert tally.problems == []
    assert tally.kills


def test_an_audit_goes_on_from_a_store_that_was_cut_off(tmp_path: Path) -> None:
    tally = truncated(tmp_path, times=3, model="planted:fragile", budget=40, seed=2)
    assert tally.problems == []
