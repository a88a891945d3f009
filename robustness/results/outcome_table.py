"""The outcomes of an audit as arrays: each metric is evaluated once for each outcome, whatever the slices.

Rates of a million pairs in a hundred slices would otherwise evaluate every metric a hundred million times.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from robustness.results.metrics import METRICS
from robustness.statistics import Rate, clustered_rate
from robustness.statistics.rates import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from robustness.results.outcome import Outcome

    Rows = NDArray[np.int64]

_NOT_ABOUT = -1
_Value = TypeVar("_Value", bound=Hashable)


class Tally:
    """What each metric says of each outcome.

    Args:
        outcomes: What was seen; cases come once.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._drugs = numbered([o.pair.drug.name for o in outcomes])
        self._questions = _codes(o.pair.baseline.id for o in outcomes)[1]
        self._values = {
            name: np.fromiter((_number(metric.value(o)) for o in outcomes), np.int8, len(outcomes))
            for name, metric in METRICS.items()
        }

    def sample(self, name: str, rows: Rows | None = None) -> tuple[NDArray[np.bool_], Rows]:
        """Successes of a metric and the drug of each, over some rows or all; see `Metric.measure`.

        Returns:
            Two arrays of shape (outcomes that the metric is about,); drugs are numbered in the order of their names.
        """
        about = np.flatnonzero(self._values[name] != _NOT_ABOUT) if rows is None else rows
        about = about[self._values[name][about] != _NOT_ABOUT]
        if METRICS[name].once:
            # a question's pairs all say the same of its correct name
            _, first = np.unique(self._questions[about], return_index=True)
            about = about[np.sort(first)]
        return self._values[name][about] == 1, self._drugs[about]

    def right(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Rows]:
        """Pair by pair, whether the answers to the correct and to the misspelled name are right, and the drug."""
        about = np.flatnonzero(self._values["misspelled_accuracy"] != _NOT_ABOUT)
        before, after = (
            self._values[name][about] == 1 for name in ("baseline_accuracy", "misspelled_accuracy")
        )
        return before, after, self._drugs[about]

    def rates(self, rows: Rows | None = None) -> dict[str, Rate | None]:
        """Every metric over some rows, or all."""
        return {name: clustered_rate(*self.sample(name, rows)) for name in METRICS}


def grouped(values: Iterable[_Value]) -> dict[_Value, Rows]:
    """The rows of each value, in the order of the values' first rows.

    >>> {value: rows.tolist() for value, rows in grouped(["a", "b", "a"]).items()}
    {'a': [0, 2], 'b': [1]}
    """
    distinct, codes = _codes(values)
    rows, sizes = np.argsort(codes, kind="stable"), np.bincount(codes)
    ends = np.cumsum(sizes)
    return {
        value: rows[end - size : end]
        for value, size, end in zip(distinct, sizes, ends, strict=True)
    }


def _codes(values: Iterable[_Value]) -> tuple[list[_Value], Rows]:
    """The distinct values in the order of their first rows, and for each row which of them it has."""
    codes: dict[_Value, int] = {}
    found = np.fromiter((codes.setdefault(value, len(codes)) for value in values), np.int64)
    return list(codes), found


def _number(value: bool | None) -> int:  # noqa: FBT001
    return _NOT_ABOUT if value is None else int(value)
