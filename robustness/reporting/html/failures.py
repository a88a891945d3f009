"""The long list of failures: one compact record each, with what filters and sorting need.

A record says everything in text; the numbers in ``data-f`` only spare the script from reading it. The list
ends where the report would become too large; what is left out is counted, and is in ``audit.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from robustness.reporting import wording
from robustness.reporting.html.diff import marked_names, pieces
from robustness.reporting.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MOST_BYTES = 4_400_000
"""Where the list of failures ends, in characters of markup."""
MOST_LEAFLET_BYTES = 300_000
"""Where the texts of the leaflets end."""
_LONGEST_ANSWER = 240
FACETS = ("severity", "drug", "channel", "verdict", "relation")
"""The keys of a failure that the list can be filtered by, besides any text."""
SEVERITIES = ("critical", "major", "moderate", "minor", "none")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, ready to be put out."""

    text: str
    score: str
    """The model's own probability with two decimals; empty where it gave none."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One record of the list."""

    row: dict[str, Any]
    """The failure as it is saved."""
    name: Markup
    misspelling: Markup
    pieces: Markup
    pieces_misspelled: Markup
    before: Answer
    after: Answer
    gold: str
    """Empty where the answer to the correct name is the gold answer to the letter."""
    verdict: str
    origin: str
    """How the misspelling came about, and how plausible it is."""
    leaflet: int | None
    """Number of its leaflet; None where that text is left out."""
    facets: str
    """Indexes of its `FACETS`, reports, and score in hundredths: what the script sorts and filters by."""


@dataclass(frozen=True, slots=True)
class FailureList:
    """All records, and what belongs to them."""

    records: Sequence[Markup]
    hidden: int
    """Failures that did not fit."""
    leaflets: Sequence[str]
    """Distinct leaflets, each once."""
    choices: dict[str, list[str]]
    """The values of every facet, in the order of their indexes."""


def failure_list(
    failures: Sequence[dict[str, Any]], render: Callable[[Failure], str]
) -> FailureList:
    """The records of failures, up to `MOST_BYTES` of markup.

    Args:
        failures: As saved, the most severe first.
        render: One record to markup, escaped.
    """
    choices = {key: sorted({row[key] for row in failures}) for key in FACETS}
    choices["severity"] = list(SEVERITIES)
    index = {key: {value: i for i, value in enumerate(choices[key])} for key in FACETS}
    leaflets = _leaflets(failures)
    records: list[Markup] = []
    size = 0
    for row in failures:
        facets = [index[key][row[key]] for key in FACETS]
        record = render(failure(row, facets=facets, leaflet=leaflets.get(row.get("leaflet", ""))))
        size += len(record)
        if size > MOST_BYTES:
            break
        records.append(Markup(record))  # noqa: S704 - rendered by a template that escapes
    return FailureList(records, len(failures) - len(records), list(leaflets), choices)


def failure(
    row: dict[str, Any], *, facets: Iterable[int] = (), leaflet: int | None = None
) -> Failure:
    """One failure, ready to be put out."""
    name, misspelling = marked_names(row["name"], row["misspelling"])
    after = row["answer_misspelled"] or {}
    score = round(100 * (after.get("score") or 0))
    return Failure(
        row=row,
        name=name,
        misspelling=misspelling,
        pieces=pieces(row["tokens"]),
        pieces_misspelled=pieces(row["tokens_misspelled"]),
        before=_answer(row["answer"]),
        after=_answer(row["answer_misspelled"]),
        gold="" if (row["answer"] or {}).get("text") == row["gold"] else _short(row["gold"]),
        verdict=wording.verdict_words(row),
        origin=wording.origin_words(row),
        leaflet=leaflet,
        facets=" ".join(map(str, (*facets, row.get("reports", 0), score))),
    )


def _leaflets(failures: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Distinct leaflets with their numbers, as many as there is room for."""
    found: dict[str, int] = {}
    size = 0
    for text in (row.get("leaflet", "") for row in failures):
        if text and text not in found:
            size += min(len(text), 2000)
            if size > MOST_LEAFLET_BYTES:
                break
            found[text] = len(found)
    return found


def _answer(answer: dict[str, Any] | None) -> Answer:
    if answer is None:
        return Answer("(the model failed)", "")
    score = answer.get("score")
    return Answer(_short(answer["text"]) or "(no answer)", "" if score is None else f"{score:.2f}")


def _short(text: str) -> str:
    return visible(text, longest=_LONGEST_ANSWER)
