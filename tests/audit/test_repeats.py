from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from robustness.answers.asking import Asking
from robustness.answers.store import Store
from robustness.audit import Wanted, make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.models.planted.flaky import FlakyModel

if TYPE_CHECKING:
    from pathlib import Path

PLAN = make_plan(load_drugs(), seed=0, budget=300)


def test_the_noise_floor_is_what_the_model_does_by_itself() -> None:
    """Two answers differ unless both were left alone or both were replaced by the same value."""
    results = run_audit(PLAN, FlakyModel(random=Random(1)), wanted=Wanted(repeats=300))
    floor = results["noise_floor"]["flip_rate"]
    assert floor["n"] == results["counts"]["questions"] == 300
    assert floor["low"] <= 0.18 <= floor["high"]
    assert results["verdicts"]["nondeterministic"] == round(floor["estimate"] * 300)
    flips = results["rates"]["overall"]["flip_rate"]
    assert flips["n"] == 300 - results["verdicts"]["nondeterministic"]


def test_a_steady_model_has_none_and_nothing_is_repeated_without_being_asked() -> None:
    assert run_audit(PLAN, load_model("planted:fragile"))["noise_floor"] is None
    results = run_audit(PLAN, load_model("planted:fragile"), wanted=Wanted(repeats=40))
    floor = results["noise_floor"]["flip_rate"]
    assert (floor["estimate"], floor["n"]) == (0, 40)
    assert results["verdicts"]["nondeterministic"] == 0
    assert results["timing"]["prompts_asked"] == results["counts"]["model_calls"] + 40


def test_second_answers_are_kept_so_that_the_next_run_ends_the_same(tmp_path: Path) -> None:
    model = FlakyModel(random=Random(2))
    with Store(tmp_path / "audit.sqlite", model.fingerprint) as store:
        first = run_audit(PLAN, model, wanted=Wanted(repeats=100), asking=Asking(store=store))
        again = run_audit(PLAN, model, wanted=Wanted(repeats=100), asking=Asking(store=store))
        assert first["noise_floor"] == again["noise_floor"]
        assert first["verdicts"] == again["verdicts"]
        assert again["timing"]["prompts_asked"] == 0
        store.forget()
        assert (
            run_audit(PLAN, model, wanted=Wanted(repeats=100), asking=Asking(store=store))[
                "timing"
            ]["prompts_asked"]
            > 0
        )
    assert first["noise_floor"]["flip_rate"]["estimate"] == pytest.approx(0.18, abs=0.12)
