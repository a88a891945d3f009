from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from robustness.errors import InputError
from robustness.training import sweep
from robustness.training.sweep import draw_sweep, parse_axes, run_sweep
from tests.training.runs import silent, small

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sweep_trains_and_measures_every_combination_once(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PAIRS", 8)
    axes = "learning-rate=0.01,0.001;seed=0,1"
    table = run_sweep(small(base, steps=2), axes, tmp_path / "sweep", silent)
    assert table.count("\n") == 5
    runs = json.loads((tmp_path / "sweep" / "sweep.json").read_text())
    assert [run["settings"] for run in runs] == [
        {"learning_rate": rate, "seed": seed} for rate in (0.01, 0.001) for seed in (0, 1)
    ]
    assert {run["course"] for run in runs} <= {"plateau", "diverged"}, "two steps teach nothing"
    for run in runs:
        assert 0 <= run["flip_rate"]["low"] <= run["flip_rate"]["high"] <= 1
    assert (tmp_path / "sweep" / "sweep.svg").read_text().count("<svg") == 1

    def unheard(**_: object) -> None:
        raise AssertionError("a finished run was trained again")

    assert run_sweep(small(base, steps=2), axes, tmp_path / "sweep", unheard) == table


def test_the_picture_of_the_same_runs_is_the_same() -> None:
    rate = {"estimate": 0.1, "low": 0.05, "high": 0.2}
    courses: tuple[sweep.Course, ...] = ("converged", "plateau", "diverged")
    runs = [
        sweep.Run(f"seed-{n}", {"seed": n}, course, 0.1 * n, 0.99, rate)
        for n, course in enumerate(courses)
    ]
    assert draw_sweep(runs) == draw_sweep(runs)
    assert "diverged (1)" in draw_sweep(runs)


@pytest.mark.parametrize("axes", ["", "learning-rat=1", "seed=one", "noise=none"])
def test_bad_axes_are_refused(axes: str, base: str) -> None:
    with pytest.raises(InputError):
        parse_axes(axes, small(base))
