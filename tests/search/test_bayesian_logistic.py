from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from robustness.search.bayesian_logistic import Belief, probability


def outcomes(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    features = np.column_stack([np.ones(count), random.standard_normal((count, 3))])
    chance = probability(features @ np.array([-1.0, 2.0, 0.0, -1.0]))
    return features, (random.random(count) < chance).astype(float)


@pytest.mark.parametrize("seed", range(3))
def test_one_batch_gives_the_mode_that_a_general_optimiser_finds(seed: int) -> None:
    features, happened = outcomes(60, seed)
    mean, deviation = np.array([-1.0, 0.0, 0.5, 0.0]), np.array([1.0, 2.0, 0.5, 1.0])

    def loss(weights: np.ndarray) -> float:
        scores = features @ weights
        likelihood = happened @ scores - np.logaddexp(0, scores).sum()
        return float(0.5 * np.sum(((weights - mean) / deviation) ** 2) - likelihood)

    belief = Belief(mean, deviation)
    belief.learn(features, happened)
    assert belief.mean == pytest.approx(minimize(loss, mean, tol=1e-10).x, abs=1e-4)


def test_many_batches_come_near_to_the_truth_and_become_surer() -> None:
    features, happened = outcomes(4000, 7)
    belief = Belief(np.zeros(4), np.ones(4))
    before = np.linalg.det(belief.precision)
    for start in range(0, 4000, 32):
        belief.learn(features[start : start + 32], happened[start : start + 32])
    assert belief.mean == pytest.approx([-1, 2, 0, -1], abs=0.25)
    assert np.linalg.det(belief.precision) > before


def test_what_separates_perfectly_stays_finite_and_nothing_teaches_nothing() -> None:
    belief = Belief(np.zeros(2), np.ones(2))
    belief.learn(np.zeros((0, 2)), np.zeros(0))
    assert belief.mean.tolist() == [0, 0]
    sides = np.repeat([-1.0, 1.0], 500)
    for _ in range(20):
        belief.learn(np.column_stack([np.ones(1000), sides]), (sides > 0).astype(float))
    assert np.isfinite(belief.mean).all()
    assert belief.mean[1] > 3
