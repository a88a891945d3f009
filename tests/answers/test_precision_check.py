from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.precision_check import settle_precision
from robustness.answers.store import Store, store_key
from robustness.audit import make_plan
from robustness.drugs import load_drugs, select_drugs
from robustness.models import Answer, Prompt, load_model
from robustness.models.device import cores
from robustness.models.extractive.reader import ExtractiveReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN = make_plan(select_drugs(["metformin", "warfarin"], load_drugs()), seed=0, budget=12)


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    model = load_model("reader")
    assert isinstance(model, ExtractiveReader)
    return model


class Rounding:
    """A reader that may answer otherwise in bfloat16."""

    def __init__(self, reader: ExtractiveReader, *, wrong: bool) -> None:
        self._reader, self._wrong = reader, wrong

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def at(self, precision: str) -> Any:
        other = replace(self._reader, fingerprint=f"{self._reader.fingerprint}/{precision}")
        return Forgetful(other) if self._wrong else other


class Forgetful:
    """Gives no answers."""

    def __init__(self, reader: ExtractiveReader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        return [Answer("", 0.0) for _ in prompts]

    def finish(self, prompts: Sequence[Prompt], prepared: Any) -> list[Answer]:  # noqa: ARG002
        return self.answer(prompts)


def test_bfloat16_is_used_when_verdicts_agree_and_its_check_is_stored(
    reader: ExtractiveReader, tmp_path: Path
) -> None:
    with Store(tmp_path / "s.sqlite", store_key(reader)) as store:
        model, record = settle_precision(
            PLAN.pairs, reader, "bfloat16", store, print, seed=PLAN.seed
        )
        assert record is not None
        assert (record["used"] == "bfloat16") is (record["agreement"] >= 0.995)
        assert record["checked_pairs"] == 12
        assert model.fingerprint != reader.fingerprint or record["used"] == "float32"
        assert store.of(store_key(reader)).count() >= 12
        assert (
            settle_precision(PLAN.pairs, reader, "bfloat16", store, print, seed=PLAN.seed)[1]
            == record
        )


@pytest.mark.parametrize("wrong", [True, False])
def test_verdicts_that_differ_lead_back_to_float32(
    reader: ExtractiveReader, *, wrong: bool
) -> None:
    asked: Any = Rounding(reader, wrong=wrong)
    model, record = settle_precision(PLAN.pairs, asked, "bfloat16", None, print, seed=PLAN.seed)
    assert record is not None
    assert record["used"] == ("float32" if wrong else "bfloat16")
    assert (model is asked) is wrong
    assert (record["agreement"] == 1) is not wrong


def test_small_audits_and_models_of_others_are_left_alone(reader: ExtractiveReader) -> None:
    assert settle_precision(PLAN.pairs, reader, "auto", None, print, seed=PLAN.seed)[0] is reader
    planted = load_model("planted:robust")
    assert settle_precision(PLAN.pairs, planted, "bfloat16", None, print, seed=PLAN.seed) == (
        planted,
        None,
    )


def test_cores_respect_siblings_and_the_share_of_the_machine(tmp_path: Path) -> None:
    assert cores(tmp_path) >= 1
    group = tmp_path / "fs" / "cgroup"
    group.mkdir(parents=True)
    (group / "cpu.max").write_text("100000 100000\n")
    assert cores(tmp_path) == 1
