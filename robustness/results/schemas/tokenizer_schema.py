"""The tokenizer's X-ray and its part in the failures as ``audit.json`` holds them, for its published schema."""

from __future__ import annotations

from pydantic import Field

from robustness.results.schemas.rate_schema import Fraction, Part, Rate


class Attribution(Part):
    """The tokenizer's part in the failures; ``n`` is 0 where it could not be tested."""

    n: int = 0
    words: str
    arms: dict[str, Rate | None] = Field(default_factory=dict)
    clusters: int = 0
    as_many_pieces: int = 0
    left_out: dict[str, int] = Field(default_factory=dict)
    p_values: dict[str, Fraction] = Field(default_factory=dict)
    p_value: Fraction | None = None
    evidence: dict[str, bool] = Field(default_factory=dict)
    share: dict[str, float] | None = None
    method: str = ""


class Mean(Part):
    """A mean with its interval."""

    estimate: float
    low: float
    high: float
    n: int
    clusters: int


class WorstName(Part):
    """A name whose pieces misspellings destroy most."""

    name: str
    pieces: int
    misspellings: int
    stability: float


class Sensitivity(Part):
    """How many names are cut differently when they are written in another way."""

    names: int
    other_cuts: Fraction
    other_pieces: Fraction


class XRay(Part):
    """What the tokenizer does to the names and their misspellings: what reports show of it."""

    pairs: int
    fertility_correct: float
    fertility_misspelled: float
    stability: Mean | None
    first_piece_kept: Fraction
    more_tokens: Fraction
    changes: dict[str, Fraction]
    collision_count: int
    worst_names: list[WorstName]
    vocabulary: int = 0
    family: str = ""
    characters_per_piece: float = 0.0
    stability_by: dict[str, dict[str, Mean | None]] = Field(default_factory=dict)
    common_prefix: Fraction = 0.0
    common_suffix: Fraction = 0.0
    same_ids: Fraction = 0.0
    collisions: list[tuple[str, str]] = Field(default_factory=list)
    one_piece_apart_count: int = 0
    one_piece_apart: list[tuple[str, str]] = Field(default_factory=list)
    single_piece_count: int = 0
    single_pieces: list[str] = Field(default_factory=list)
    round_trip_loss: Fraction = 0.0
    misplaced_offsets: Fraction | None = None
    strange_pieces: Fraction | None = None
    sensitivity: dict[str, Sensitivity] = Field(default_factory=dict)


class TokenizerRecord(Part):
    """The tokenizer of the model."""

    name: str
    fingerprint: str
    xray: XRay
