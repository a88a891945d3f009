"""Rates as ``audit.json`` holds them, for its published schema."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Field(ge=0, le=1)
Fraction = Annotated[float, Share]


class Part(BaseModel):
    """A part of the results; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class Rate(Part):
    """A share with its interval and what it rests on."""

    estimate: float = Share
    low: float = Share
    high: float = Share
    n: int
    """Number of pairs."""
    clusters: int
    """Number of drugs."""
    method: str
    """How the interval was made."""


class Difference(Part):
    """A difference between two shares of the same pairs."""

    estimate: float = Field(ge=-1, le=1)
    low: float = Field(ge=-1, le=1)
    high: float = Field(ge=-1, le=1)
    n: int
    """Number of pairs."""
    clusters: int
    """Number of drugs."""
    p_value: float = Share
    """McNemar's exact test, two-sided."""


class Drop(Part):
    """How much less often the model is right when the name is misspelled, pair by pair."""

    correct: Rate
    """Share of pairs that are right with the correct name."""
    misspelled: Rate
    """Share of pairs that are right with the misspelled name."""
    difference: Difference
    """The first minus the second."""


class Metrics(Part):
    """Every metric; null where there are no pairs."""

    baseline_accuracy: Rate | None
    consistency: Rate | None
    flip_rate: Rate | None
    wrong_drug: Rate | None
    retained_accuracy: Rate | None
    abstained: Rate | None
    misspelled_accuracy: Rate | None = None
    critical: Rate | None = None
    """A share of the pairs at stake."""


class GridCell(Part):
    """What a cell of the grid shows."""

    flip_rate: Rate | None
    wrong_drug: Rate | None = None


class Rates(Part):
    """Every metric, over all pairs and by slice; null where there are no pairs."""

    overall: Metrics
    by: dict[str, dict[str, Metrics]]
    """Slice, value, metric."""
    drop: Drop | None = None
    """Null where there are no pairs."""
    grid: Grid | None = None
    """High-risk group by channel."""
    bootstrap: dict[str, Bootstrap | None] = Field(default_factory=dict)
    """Intervals of a cluster bootstrap, as a check of the others."""
    worst_case: WorstCase | None = None


class Grid(Part):
    """Rates by two slices at once."""

    rows: str
    """The slice whose values are the rows."""
    columns: str
    cells: dict[str, dict[str, GridCell]]
    """Row, column, metric."""


class Bootstrap(Part):
    """Percentile interval over resampled drugs."""

    low: Fraction
    high: Fraction
    resamples: int


class WorstCase(Part):
    """Shares of drugs and of questions all of whose pairs held."""

    drugs: Rate | None
    questions: Rate | None
    pairs_per_drug: float
    misspellings_per_question: float
