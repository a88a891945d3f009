"""The long list of failures: the questions that were asked, and under each the misspellings that failed.

What the failures of a question share (name, tokens, first answer, gold) is its heading and written once.
Everything is said in text; the numbers in ``data-f`` only spare the script from reading it. The list ends
where the report would become too large; what is left out is counted, and is in ``audit.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup, escape

from robustness.reporting import wording
from robustness.reporting.html.diff import marked_names, pieces
from robustness.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_BYTES = 4_400_000
"""Where the list of failures ends, in bytes of markup."""
MOST_LEAFLET_BYTES = 300_000
"""Where the texts of the leaflets end, in bytes of markup."""
_LONGEST_ANSWER = 240
FACETS = ("severity", "drug", "channel", "verdict", "relation")
"""The keys of a failure that the list can be filtered by, in addition to any text."""
SEVERITIES = ("critical", "major", "moderate", "minor", "none")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, ready to be put out."""

    text: str
    score: str
    """The model's own probability with two decimals; empty where it gave none."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure, ready to be put out."""

    row: dict[str, Any]
    """The failure as it is saved."""
    question: str
    """The question with the correct name."""
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
class Question:
    """One question about one name, and the misspellings whose answers did not hold."""

    heading: Markup
    """The name, the question and the answer to it."""
    failures: Sequence[Markup]


@dataclass(frozen=True, slots=True)
class FailureList:
    """All failures, and what belongs to them."""

    questions: Sequence[Question]
    hidden: int
    """Failures that did not fit."""
    leaflets: Sequence[str]
    """Distinct leaflets, each once."""
    choices: dict[str, list[str]]
    """The values of every facet, in the order of their indexes."""


class ListTemplate(Protocol):
    """Puts out the two parts of the list."""

    def heading(self, shared: Failure) -> Markup:
        """What the failures of a question share, from the first of them."""

    def record(self, one: Failure) -> Markup:
        """What one failure has alone."""


def failure_list(failures: Sequence[dict[str, Any]], template: ListTemplate) -> FailureList:
    """The failures by question, up to `MOST_BYTES` of markup.

    Args:
        failures: As saved, the most severe first.
        template: Makes the markup.
    """
    choices = {key: sorted({row[key] for row in failures}) for key in FACETS}
    choices["severity"] = list(SEVERITIES)
    index = {key: {value: i for i, value in enumerate(choices[key])} for key in FACETS}
    leaflets = _leaflets(failures)
    questions: list[Question] = []
    room, hidden = MOST_BYTES, len(failures)
    for rows in _by_question(failures):
        heading, records = Markup(""), []
        for row in rows:
            facets = [index[key][row[key]] for key in FACETS]
            one = failure(row, facets=facets, leaflet=leaflets.get(row.get("leaflet", "")))
            heading = heading or template.heading(one)
            records.append(template.record(one))
        kept, room = _fitting(heading, records, room)
        questions += [Question(heading, kept)] if kept else []
        hidden -= len(kept)
        if len(kept) < len(records):
            break
    return FailureList(questions, hidden, list(leaflets), choices)


def _fitting(heading: Markup, records: Sequence[Markup], room: int) -> tuple[list[Markup], int]:
    """The records for which there is room under their heading, and the room that is left."""
    room -= len(heading.encode())
    kept = []
    for record in records:
        room -= len(record.encode())
        if room < 0:
            break
        kept.append(record)
    return kept, room


def _by_question(failures: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Failures of one severity that share all that a heading says, in the order of the first of each."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in failures:
        shared = (
            *(row[key] for key in ("severity", "name", "group", "gold")),
            _correct_question(row),
            str(row["answer"]),
            tuple(row["tokens"]),
            row.get("leaflet"),
        )
        found.setdefault(shared, []).append(row)
    return list(found.values())


def _correct_question(row: dict[str, Any]) -> str:
    """The question with the correct name, where it is certain which word is the misspelling.

    >>> _correct_question({"question": "What is metfromin?", "name": "metformin", "misspelling": "metfromin"})
    'What is metformin?'
    """
    question, misspelling = str(row["question"]), str(row["misspelling"])
    if misspelling and question.count(misspelling) == 1:
        return question.replace(misspelling, row["name"])
    return question


def failure(
    row: dict[str, Any], *, facets: Iterable[int] = (), leaflet: int | None = None
) -> Failure:
    """One failure, ready to be put out."""
    name, misspelling = marked_names(row["name"], row["misspelling"])
    after = row["answer_misspelled"] or {}
    score = round(100 * (after.get("score") or 0))
    return Failure(
        row=row,
        question=_correct_question(row),
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
            size += len(escape(visible(text)).encode())
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
