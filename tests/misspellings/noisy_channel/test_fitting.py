"""Fitting: reproducible, readable, and good at drugs that it never saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from robustness.drugs import load_known_names, table_versions
from robustness.errors import InputError
from robustness.misspellings import load_observed, rank
from robustness.misspellings.noisy_channel.edit_features import (
    FACTORS,
    cell_name,
    cell_number,
    length,
    size,
)
from robustness.misspellings.noisy_channel.fitting import fit
from robustness.misspellings.noisy_channel.refit import make_table
from robustness.misspellings.noisy_channel.table import CHANNEL_PATH, read_channel
from robustness.misspellings.noisy_channel.validation import (
    Recall,
    cross_validate,
    fold_of,
    folds,
    recall,
)

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = json.loads(CHANNEL_PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def refitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table fitted again here; only the held-out score is that of the shipped one."""
    one, every = (
        {int(limit): share for limit, share in SHIPPED["held_out"][key].items()}
        for key in ("one_edit", "all")
    )
    path = tmp_path_factory.mktemp("refitted") / "channel.json"
    path.write_text(make_table(Recall(one, every, (0, 0))), encoding="utf-8")
    return path


def weights_of(table: dict[str, Any]) -> dict[str, float]:
    """Every fitted number of a table under the words that lead to it."""
    found: dict[str, float] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= {f"{key} | {inner}": number for inner, number in weights_of(value).items()}
        elif isinstance(value, float):
            found[key] = value
    return found


def test_fitting_again_gives_the_shipped_table(refitted: Path) -> None:
    """To the last digit but for what processors round differently."""
    again = json.loads(refitted.read_text(encoding="utf-8"))
    assert list(again) == list(SHIPPED)
    for part in ("schema_version", "fitted_with", "sources", "counts", "held_out"):
        assert again[part] == SHIPPED[part]
    before, after = weights_of(SHIPPED), weights_of(again)
    # A weight that rounds to zero is not written.
    away = {key: abs(before.get(key, 0.0) - after.get(key, 0.0)) for key in before | after}
    assert len(away) > 2000
    assert max(away.values()) <= 0.01
    assert sum(away.values()) / len(away) <= 0.0005


@pytest.mark.parametrize("name", ["metformin", "warfarin", "hydroxyzine", "insulin glargine"])
def test_fitting_again_ranks_alike(refitted: Path, name: str) -> None:
    again = {one.text: one for one in rank(name, 60, channel=read_channel(refitted))}
    for one in rank(name, 50):
        assert again[one.text].probability == pytest.approx(one.probability, rel=0.02)


def test_the_table_says_what_it_was_made_of() -> None:
    assert SHIPPED["fitted_with"] == "robustness misspell --fit"
    for file, digest in SHIPPED["sources"].items():
        assert table_versions()[file.removesuffix(".csv")] == digest
    assert SHIPPED["counts"]["one_edit"] > 3000
    assert SHIPPED["held_out"]["one_edit"]["10"] >= 0.40
    assert SHIPPED["held_out"]["one_edit"]["100"] >= 0.90
    assert SHIPPED["held_out"]["all"]["100"] >= 0.78


def test_held_out_drugs_are_foreseen() -> None:
    """One fold of the cross-validation; all five are in the fitted table."""
    learned, apart = next(folds(load_observed()))
    assert {fold_of(name) for name in apart} == {0}
    channel = fit(learned, load_known_names().names)
    found = recall(apart, lambda name: [one.text for one in rank(name, 100, channel=channel)])
    assert found.one_edit[10] > 0.42
    assert found.one_edit[100] > 0.89
    assert found.all_edits[100] > 0.80


def test_names_of_a_substance_share_a_fold() -> None:
    assert fold_of("acyclovir") == fold_of("zovirax")


def test_cross_validation_counts_every_misspelling_once() -> None:
    observed = dict(list(load_observed().items())[:60])
    score = cross_validate(observed)
    assert score.counts[1] == sum(len(group) for group in observed.values())
    assert 0 < score.one_edit[10] <= score.one_edit[100] <= 1


def test_a_perfect_generator_finds_everything() -> None:
    observed = load_observed()
    some = {name: group[:10] for name, group in observed.items()}
    score = recall(some, lambda name: [one.text for one in observed[name]])
    assert score.one_edit[10] == score.all_edits[10] == 1.0
    assert recall(some, lambda _: ()).all_edits[100] == 0.0


def test_nothing_to_learn_from_is_an_input_error() -> None:
    with pytest.raises(InputError):
        fit({}, ["metformin"])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema_version": 99}', '{"schema_version": 1, "weights": {}}']
)
def test_a_broken_table_is_an_input_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "channel.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="misspell --fit"):
        read_channel(path)
    with pytest.raises(InputError):
        read_channel(tmp_path / "missing.json")


@pytest.mark.parametrize("operator", sorted(FACTORS))
def test_cell_names_and_numbers_are_inverse(operator: str) -> None:
    for factor in FACTORS[operator]:
        cells = int(np.prod([size(word) for word in factor.split()]))
        assert cells == length(factor)
        for number in range(0, cells, max(cells // 50, 1)):
            assert cell_number(factor, cell_name(factor, number)) == number
