from __future__ import annotations

from pathlib import Path

import pytest

from robustness.config import load_options
from robustness.errors import InputError


def test_defaults(tmp_path: Path) -> None:
    options = load_options({}, folder=tmp_path)
    assert (options.model, options.seed, options.fail_under) == ("reader", 0, None)
    assert options.folder == Path("reports/reader")


def test_order_of_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.robustness]\nseed = 1\nbudget = 10\nfail-under = 0.5\n"
    )
    monkeypatch.setenv("ROBUSTNESS_BUDGET", "20")
    monkeypatch.setenv("ROBUSTNESS_DRUGS", "metformin,warfarin")
    options = load_options({"fail_under": 0.9, "model": None}, folder=tmp_path)
    assert (options.seed, options.budget, options.fail_under) == (1, 20, 0.9)
    assert options.drugs == ("metformin", "warfarin")


def test_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.robustness]\nseed = 1\n")
    (tmp_path / "robustness.toml").write_text("seed = 2\n")
    assert load_options({}, folder=tmp_path).seed == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sed = 1", ["robustness.toml", "'sed'", "Did you mean 'seed'"]),
        ("fail_under = 0.5", ["Did you mean 'fail-under'"]),
        ("budget = -1", ["'budget'", "-1"]),
        ("fail-under = 95", ["'fail-under'", "95"]),
        ("seed = ", ["Bad configuration file"]),
    ],
)
def test_bad_files(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "robustness.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_options({}, folder=tmp_path)
    assert [word for word in words if word not in str(caught.value)] == []


def test_folders_of_models_stay_inside_reports(tmp_path: Path) -> None:
    for model in ("../../etc", "openai:http://x#y", "/abs/path", "..."):
        folder = load_options({"model": model}, folder=tmp_path).folder
        assert folder.parent == Path("reports")
        assert ".." not in folder.parts
