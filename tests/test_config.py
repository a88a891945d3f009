from __future__ import annotations

from pathlib import Path

import pytest

from robustness.config import load_options
from robustness.errors import InputError
from robustness.gate import DEFAULT_RULES, Rule


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


def test_rules_of_the_gate(tmp_path: Path) -> None:
    text = """
[[gate.rules]]
metric = "flip_rate"
threshold = 0.1
slice = "channel=observed"
severity = "warning"
"""
    assert load_options({}, folder=tmp_path).rules == DEFAULT_RULES
    (tmp_path / "robustness.toml").write_text(text)
    observed = Rule("flip_rate", 0.1, slice="channel=observed", severity="warning")
    assert load_options({}, folder=tmp_path).rules == (observed,)
    given = load_options({"fail_under": 0.9, "budget": "auto"}, folder=tmp_path)
    assert given.rules == (Rule("consistency", 0.9),)
    assert (given.budget, given.pairs) == ("auto", 2500)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('metric = "fliprate"\nthreshold = 0.1', "metric"),
        ('metric = "flip_rate"\nthresold = 0.1', "threshold"),
        ('metric = "flip_rate"\nthreshold = 5', "threshold"),
    ],
)
def test_bad_rules(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "robustness.toml").write_text(f"[[gate.rules]]\n{text}\n")
    with pytest.raises(InputError, match=words):
        load_options({}, folder=tmp_path)
