"""The published JSON Schema of ``audit.json``, written from the models below.

``python -m robustness.results.schema > docs/audit.schema.json`` writes it again. Further keys are allowed
everywhere: newer versions add some, and readers ignore what they do not know. This module does not put
results together; that is `results`.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from robustness.gate import GAINS, LOSSES

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
    bootstrap: dict[str, Bootstrap | None] = {}
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


class Answer(Part):
    """What the model said."""

    text: str
    score: float | None
    """The model's own probability; null where it gave none."""


class Failure(Part):
    """A pair that was not consistent."""

    case_id: str
    """Id of the case with the misspelling: the same on every machine and for every model."""
    drug: str
    group: str
    """High-risk group of the drug, or none."""
    relation: str
    """Kind of question."""
    question: str
    """As asked with the misspelling."""
    leaflet: str
    name: str
    misspelling: str
    operator: str
    channel: str
    edits: int
    reports: int
    """Adverse-event reports that carry the misspelling."""
    probability: float | None = None
    """How likely people write the name this way when they misspell it; null where unknown."""
    tokens: list[str]
    tokens_misspelled: list[str]
    answer: Answer | None
    """To the correct name; null where the model failed."""
    answer_misspelled: Answer | None
    gold: str
    verdict: Literal[
        "wrong_drug", "wrong_answer", "recovered", "abstained", "nondeterministic", "error"
    ]
    answered_for: str | None
    """The other drug whose answer it is."""
    severity: Literal["critical", "major", "moderate", "minor", "none"]
    replay: str
    """The command that asks the pair again, in the folder of the results."""


class Machine(Part):
    """Where the audit ran."""

    system: str = ""
    processor: str = ""
    cores: int | None = None
    python: str = ""


class Run(Part):
    """How the audit was run."""

    versions: dict[str, str]
    seed: int
    budget: int | str | None
    """Largest number of pairs, or how it was decided."""
    channels: list[str]
    command: list[str]
    started: str
    finished: str
    machine: Machine = Machine()


class Precision(Part):
    """The numbers that the model computed with."""

    asked: str
    """What was asked for."""
    used: str
    """What was used."""
    checked_pairs: int
    """Pairs that were asked in both formats."""
    agreement: float | None
    """Share of them with the same verdict in both; null without a check."""


class Model(Part):
    """What was audited."""

    spec: str
    kind: str
    fingerprint: str
    task: str | None = None
    """What it was asked to do; null for what its configuration says."""
    adapter: str | None = None
    """The adapter that was put on it."""
    precision: Precision | None = None
    """Null for models that do not compute in this process."""


class Collision(Part):
    """A misspelling that was not asked, because it is, or is nearer to, another drug's name."""

    text: str
    intended: str
    other: str
    channel: str


class SkippedRow(Part):
    """A row of the user's file that makes no case."""

    reason: str


class SourceRecord(Part):
    """Where the questions come from."""

    kind: str


class Data(Part):
    """What it was audited with."""

    tables: dict[str, str]
    """Table to digest."""
    drugs: list[str]
    requested_drugs: list[str] = []
    """Those that were asked for; a small budget may not reach all of them."""
    known_names: int = 0
    """Names that the collision oracle knows."""
    misspellings: int = 0
    """Distinct misspellings."""
    source: SourceRecord = SourceRecord(kind="leaflets")
    skipped_rows: list[SkippedRow] = []
    rejected_collisions: list[Collision]


class Counts(Part):
    """What the audit needed."""

    drugs: int
    questions: int
    pairs: int
    model_calls: int
    """Distinct prompts of the pairs and of all that was asked in addition to them."""
    cache_hits: int
    """Requests that shared a prompt with another one."""
    errors: int
    collisions: int


class Confused(Part):
    """Two look-alikes that were asked the same question, and one got the other one's answer."""

    origin: Literal["look-alike", "collision"]
    """How it is known that the names are confused."""
    written: str = ""
    """The misspelling that may mean either drug; empty for a listed look-alike."""
    relation: str
    drugs: tuple[str, str]
    case_ids: tuple[str, str]
    questions: tuple[str, str]
    golds: tuple[str, str]
    """The right answers about the first and the second drug."""
    answers: tuple[Answer | None, Answer | None]
    confused: tuple[bool, bool]
    """Whether the answer about the first and about the second drug is the other one's."""
    replay: str


class MustDiffer(Part):
    """Look-alikes, both names correct, that must be told apart."""

    n: int
    """Questions that were answered about both drugs."""
    name_pairs: int
    errors: int
    """Questions that the model failed on; in no rate."""
    rate: Rate | None
    """Share of questions that were confused; its clusters are pairs of names."""
    failures: list[Confused]
    words: str


class InventedAnswer(Part):
    """An answer about a drug that does not exist."""

    case_id: str
    name: str
    relation: str
    question: str
    answer: Answer
    answered_for: str | None
    """The real drug whose answer it is."""
    replay: str


class Scores(Part):
    """Scores of answers about invented names and about real ones."""

    mean_invented: float = Share
    mean_real: float = Share
    real_above_invented: float = Share
    """Area under the ROC curve: 1 where a threshold separates them, 0.5 where none helps."""


class Invented(Part):
    """Questions about names that no drug has; the right answer is none."""

    n: int
    errors: int
    """Questions that the model failed on; in no rate."""
    able_to_abstain: bool
    """Whether the model has a way to give no answer."""
    rate: Rate | None
    """Share of questions that were answered all the same; its clusters are names."""
    scores: Scores | None
    """Null where the model gives none."""
    failures: list[InventedAnswer]
    words: str


class RuleResult(Part):
    """One rule of the gate, and what became of it."""

    metric: Literal[GAINS + LOSSES]  # type: ignore[valid-type]
    threshold: Fraction
    decision: Literal["pass", "fail", "inconclusive"]
    slice: str = ""
    severity: Literal["error", "warning"] = "error"
    confidence: Fraction = 0.95
    low: Fraction | None
    high: Fraction | None
    estimate: Fraction | None = None
    noise_floor: Fraction | None = None
    """What is no misspelling's doing, subtracted."""
    more_pairs: int | None = None
    """How many more pairs would decide."""
    n: int | None = None
    p_pass: Fraction | None = None
    p_fail: Fraction | None = None


class EarlyStop(Part):
    """How an audit that may stop early went."""

    planned: int
    asked: int
    stopped: bool
    error: Fraction = 0.0


class Gate(Part):
    """The decision."""

    decision: Literal["pass", "fail", "inconclusive"]
    rules: list[RuleResult]
    multiplicity: str = ""
    """How many rules at once are accounted for."""
    early: EarlyStop | None = None


class Attribution(Part):
    """The tokenizer's part in the failures; ``n`` is 0 where it could not be tested."""

    n: int = 0
    words: str
    arms: dict[str, Rate | None] = {}
    clusters: int = 0
    as_many_pieces: int = 0
    left_out: dict[str, int] = {}
    p_values: dict[str, Fraction] = {}
    p_value: Fraction | None = None
    evidence: dict[str, bool] = {}
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
    """What the tokenizer does to the names and their misspellings."""

    pairs: int
    vocabulary: int
    family: str
    fertility_correct: float
    fertility_misspelled: float
    characters_per_piece: float
    stability: Mean | None
    stability_by: dict[str, dict[str, Mean | None]]
    first_piece_kept: Fraction
    common_prefix: Fraction
    common_suffix: Fraction
    more_tokens: Fraction
    same_ids: Fraction
    changes: dict[str, Fraction]
    collision_count: int
    collisions: list[tuple[str, str]]
    one_piece_apart_count: int
    one_piece_apart: list[tuple[str, str]]
    single_piece_count: int
    single_pieces: list[str]
    round_trip_loss: Fraction
    misplaced_offsets: Fraction | None
    strange_pieces: Fraction | None
    sensitivity: dict[str, Sensitivity]
    worst_names: list[WorstName]


class TokenizerRecord(Part):
    """The tokenizer of the model."""

    name: str
    fingerprint: str
    xray: XRay


class Timing(Part):
    """What differs between two runs of one audit."""

    wall_seconds: Annotated[float, Field(ge=0, le=1e9)]
    model_seconds: Annotated[float, Field(ge=0, le=1e9)]
    prompts_asked: int = 0
    prompts_from_store: int = 0


class Audit(Part):
    """The saved results of an audit of drug-name robustness: ``audit.json``."""

    schema_version: Literal[2] = 2
    run: Run
    model: Model
    tokenizer: TokenizerRecord | None
    """Null where none could be read."""
    data: Data
    counts: Counts
    rates: Rates
    noise_floor: dict[str, Rate | None] | None = None
    """What changed without a misspelling; null when nothing was asked twice."""
    attribution: Attribution | None = None
    verdicts: dict[str, int]
    gate: Gate
    timing: Timing
    must_differ: MustDiffer | None = None
    """Left out where there were no such questions."""
    invented: Invented | None = None
    """Left out where there were no such questions."""
    failures: list[Failure]
    """The most severe first."""


def audit_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``audit.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Audit.model_json_schema()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(audit_schema(), indent=1, sort_keys=True) + "\n")
