"""What is trained: a model, its loss on examples, how it answers, and how it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.training.reader_learner import ReaderLearner

if TYPE_CHECKING:
    from robustness.training.learner import Learner
    from robustness.training.options import TrainingOptions


def load_learner(options: TrainingOptions) -> Learner:
    """The model of a base, ready to be trained.

    Raises:
        InputError: The base or the options are of no use.
        ModelError: The base cannot be read.
    """
    if options.task == "choice":
        from robustness.training.choice_learner import ChoiceLearner

        return ChoiceLearner(options)
    return ReaderLearner(options)
