"""Logistic regression that learns one batch after another; it remembers how sure it is.

The weights have a normal distribution. A batch of outcomes turns it into its Laplace approximation: the
mode of the posterior by Newton's method, and the curvature there as the new precision (Spiegelhalter and
Lauritzen 1990). This module knows nothing of names or models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_STEPS = 25
_SMALL = 1e-6


class Belief:
    """What is believed about the weights.

    Args:
        mean: Their prior means, shape (features,).
        deviation: Their prior standard deviations, same shape, all above 0.

    Attributes:
        mean: The most probable weights by now.
        precision: Inverse covariance of the weights, shape (features, features).
    """

    def __init__(self, mean: Array, deviation: Array) -> None:
        self.mean = np.array(mean, dtype=float)
        self.precision = np.diag(1.0 / np.square(deviation))

    def learn(self, features: Array, happened: Array) -> None:
        """Take in a batch of outcomes.

        Args:
            features: Shape (outcomes, features).
            happened: 1 where it did, 0 where it did not; shape (outcomes,).
        """
        if not len(happened):
            return
        prior, weights = self.mean, self.mean
        for _ in range(_STEPS):
            chance = probability(features @ weights)
            curvature = (features * (chance * (1 - chance))[:, None]).T @ features
            slope = features.T @ (happened - chance) - self.precision @ (weights - prior)
            step = np.linalg.solve(self.precision + curvature, slope)
            # Far from the mode a whole step may overshoot; half of a long one always gets nearer.
            weights = weights + step / max(1.0, float(np.abs(step).max()))
            if np.abs(step).max() < _SMALL:
                break
        chance = probability(features @ weights)
        self.precision = self.precision + (features * (chance * (1 - chance))[:, None]).T @ features
        self.mean = weights

    def scores(self, features: Array, *, optimism: float = 0.0) -> Array:
        """Log-odds of outcomes, shape (outcomes,).

        Args:
            features: Shape (outcomes, features).
            optimism: By how many standard deviations of what is believed to lift each (upper confidence
                bound).
        """
        middle = features @ self.mean
        if optimism:
            root = np.linalg.cholesky(self.precision)
            spread = np.linalg.solve(root, features.T)
            middle = middle + optimism * np.sqrt(np.square(spread).sum(axis=0))
        return np.asarray(middle)


def probability(scores: Array) -> Array:
    """The logistic function.

    >>> probability(np.array([0.0, 800.0, -800.0])).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.asarray(0.5 * (1 + np.tanh(0.5 * scores)))
