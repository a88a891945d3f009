"""The published JSON Schema of ``audit.json``, written from the models below.

``python -m robustness.results.schema > docs/audit.schema.json`` writes it again. Further keys are allowed
everywhere: newer versions add some, and readers ignore what they do not know. This module does not put
results together; that is `results`.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import Field

from robustness.gate import MetricName
from robustness.results.schemas.rate_schema import Fraction, Part, Rate, Rates, Share
from robustness.results.schemas.tokenizer_schema import Attribution, TokenizerRecord


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


class WrittenSource(Part):
    """Questions that the tool wrote."""

    kind: Literal["leaflets", "closed_book"]


class FileSource(Part):
    """Questions from a file of the user's own."""

    kind: Literal["file"]
    path: str
    rows: int
    rows_asked: int
    bad_rows: int


SourceRecord = Annotated[WrittenSource | FileSource, Field(discriminator="kind")]
"""Where the questions come from."""


class Data(Part):
    """What it was audited with."""

    tables: dict[str, str]
    """Table to digest."""
    drugs: list[str]
    requested_drugs: list[str] = Field(default_factory=list)
    """Those that were asked for; a small budget may not reach all of them."""
    known_names: int = 0
    """Names that the collision oracle knows."""
    misspellings: int = 0
    """Distinct misspellings."""
    source: SourceRecord = WrittenSource(kind="leaflets")
    skipped_rows: list[SkippedRow] = Field(default_factory=list)
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

    metric: MetricName
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
