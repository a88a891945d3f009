from __future__ import annotations

import random

import numpy as np
import pytest
import statsmodels.api as sm

from robustness.attribution.tokenizer_comparison import compare_tokenizers, make_specimens
from robustness.attribution.xray_summary import Specimen, clustered_mean, summarise
from robustness.drugs import load_drugs, load_look_alikes, select_drugs
from robustness.errors import InputError
from robustness.tokenizers import load_tokenizer, xray


def test_the_interval_of_a_mean_is_that_of_a_regression_with_clustered_errors() -> None:
    random_ = np.random.default_rng(0)
    clusters = [f"drug {i % 13}" for i in range(80)]
    effect = {name: random_.normal(0.5, 0.1) for name in set(clusters)}
    values = np.array([np.clip(effect[c] + random_.normal(0, 0.1), 0, 1) for c in clusters])
    codes = np.unique(clusters, return_inverse=True)[1]
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "df_correction": True}, use_t=True
    )
    found = clustered_mean(values, clusters)
    low, high = fit.conf_int()[0]
    assert found.estimate == pytest.approx(fit.params[0])
    assert found.low == pytest.approx(low, rel=1e-6)
    assert found.high == pytest.approx(high, rel=1e-6)
    assert (found.n, found.clusters) == (80, 13)


def test_one_drug_gives_no_interval() -> None:
    found = clustered_mean(np.array([0.2, 0.4]), ["a", "a"])
    assert found.estimate == pytest.approx(0.3)
    assert (found.low, found.high) == (0.0, 1.0)


def test_the_summary_is_made_of_the_x_ray() -> None:
    reader = load_tokenizer("reader-clean")
    drugs = load_drugs()[::40]
    specimens = make_specimens(drugs)
    names = [drug.name for drug in drugs]
    found = summarise(reader, specimens, names, load_look_alikes())
    rays = xray(reader, [(one.name, one.misspelling) for one in specimens])
    cut = {name: reader.pieces([name])[0] for name in {one.name for one in specimens}}
    assert found["pairs"] == len(specimens)
    assert found["fertility_correct"] == pytest.approx(sum(map(len, cut.values())) / len(cut))
    assert found["stability"]["estimate"] == pytest.approx(float(rays.jaccard.mean()))
    assert sum(found["changes"].values()) == pytest.approx(1)
    for kind in ("channel", "edits"):
        assert sum(mean["n"] for mean in found["stability_by"][kind].values()) == len(specimens)
    typed = [i for i, one in enumerate(specimens) if one.channel == "observed"]
    assert found["stability_by"]["channel"]["observed"]["estimate"] == pytest.approx(
        sum(rays.jaccard[i] for i in typed) / len(typed)
    )
    means = {
        name: np.mean([rays.jaccard[i] for i, one in enumerate(specimens) if one.name == name])
        for name in names
    }
    assert [row["name"] for row in found["worst_names"]] == sorted(
        means, key=lambda name: (means[name], name)
    )[:20]


def test_order_does_not_matter() -> None:
    specimens = make_specimens(load_drugs()[::60])
    shuffled = random.Random(0).sample(specimens, len(specimens))
    one, two = (
        summarise(load_tokenizer("bytes"), each, ["metformin"], ())
        for each in (specimens, shuffled)
    )
    assert one["stability"] == pytest.approx(two["stability"])
    assert one["worst_names"] == [pytest.approx(row) for row in two["worst_names"]]


def test_the_most_stable_tokenizer_comes_first() -> None:
    drugs = select_drugs(["metformin", "warfarin"], load_drugs())
    found = compare_tokenizers(["reader-clean", "letters=characters", "bytes"], drugs)
    rows = found["tokenizers"]
    assert {row["name"] for row in rows} == {"reader-clean", "letters", "bytes"}
    estimates = [row["stability"]["estimate"] for row in rows]
    assert estimates == sorted(estimates, reverse=True)
    assert rows[-1]["name"] == "reader-clean"
    assert found["drugs"] == ["metformin", "warfarin"]


def test_two_tokenizers_need_two_names() -> None:
    with pytest.raises(InputError, match="NAME=SPEC"):
        compare_tokenizers(["bytes", "bytes"])
    with pytest.raises(InputError, match="No tokenizer"):
        compare_tokenizers([])


def test_specimens_mean_the_drug_and_are_misspelled() -> None:
    found = make_specimens(load_drugs()[::100])
    assert all(one.misspelling != one.name and one.edits > 0 for one in found)
    assert isinstance(found[0], Specimen)
    assert {one.channel for one in found} >= {"observed", "noisy", "keyboard", "unicode"}
