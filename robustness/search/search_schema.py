"""What ``search.json`` must hold to be read again; further keys are kept."""

from __future__ import annotations

from typing import Literal

from robustness.results.schema import Model, SourceRecord
from robustness.results.schemas.rate_schema import Part


class SearchData(Part):
    """What was asked about."""

    tables: dict[str, str]
    source: SourceRecord
    seed: int


class SearchedQuestion(Part):
    """One question, and what broke it."""

    drug: str
    question: str
    name: str
    row: str | int | None
    status: Literal["broken", "held", "open", "error"]
    case_id: str = ""
    misspelling: str = ""


class SavedSearch(Part):
    """The saved results of a search: ``search.json``."""

    schema_version: Literal[1] = 1
    model: Model
    data: SearchData
    questions: list[SearchedQuestion]
