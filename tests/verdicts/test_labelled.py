"""Verdicts against answers that were labelled by hand.

`labelled.csv` was written in three batches, each before the rules were run on it. The rules were mended
on the first two; the third was only measured.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from robustness.verdicts import abstains, holds, named_instead, same

TABLE = Path(__file__).with_name("labelled.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def verdict(row: dict[str, str]) -> str:
    names = (row["drug"], "metfromin")
    if row["kind"] == "pair":
        return "same" if same(row["reference"], row["answer"], names) else "different"
    if holds(row["reference"], row["answer"], names):
        return "right"
    if abstains(row["answer"]):
        return "abstained"
    return "wrong_drug" if named_instead(row["drug"], row["reference"], row["answer"]) else "wrong"


def agreement(rows: list[dict[str, str]]) -> float:
    return sum(verdict(row) == row["label"] for row in rows) / len(rows)


def test_the_table_is_large_and_has_every_label() -> None:
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS) >= 500
    assert {row["label"] for row in ROWS} == {
        "right",
        "wrong",
        "abstained",
        "wrong_drug",
        "same",
        "different",
    }


def test_verdicts_agree_with_the_labels() -> None:
    assert agreement(ROWS) >= 0.97


@pytest.mark.parametrize(("batch", "least"), [("first", 0.97), ("second", 0.97), ("third", 0.93)])
def test_every_batch_agrees(batch: str, least: float) -> None:
    assert agreement([row for row in ROWS if row["batch"] == batch]) >= least


def test_no_number_or_unit_is_ever_overlooked() -> None:
    """The one kind of mistake that must not happen: a wrong dose taken for the right one."""
    taken = [
        row
        for row in ROWS
        if row["label"] in ("wrong", "different")
        and any(char.isdigit() for char in row["reference"] + row["answer"])
        and verdict(row) in ("right", "same")
    ]
    assert taken == []
