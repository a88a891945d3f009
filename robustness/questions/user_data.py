"""A user's own questions as cases: the drug's name is changed in the question, and nothing else.

Every mention of the drug in a question is misspelled in the same way, each keeping its own capitals.
Answers, options and contexts are never changed: like a leaflet, a context goes on spelling names
correctly. One drug changes in a case; a question that names two drugs gives cases for each. Where a question
uses a brand, the brand is misspelled. Where it uses several names of one drug, the misspelling is one of
the name that comes first, and the others get the misspelling that is likeliest for them.

Questions over one context tell of one another: the answer to a question about one drug is, as an answer to a
question about another, that drug's fact.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from robustness.drugs import Drug, load_drugs, load_finder, load_known_names
from robustness.drugs.known_names import normalise
from robustness.errors import InputError
from robustness.misspellings import candidates
from robustness.misspellings.case_pattern import recase
from robustness.questions.case import Case, case_id
from robustness.questions.files import read_questions
from robustness.questions.leaflet import Fact, Leaflet
from robustness.questions.source import Slot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from robustness.drugs import Mention
    from robustness.misspellings import Misspelling
    from robustness.questions.files import Row


class UserDataSource:
    """Questions of a file.

    Args:
        path: The file, see `robustness.questions.files`.
        skip_bad_rows: List bad rows instead of raising on the first one.

    Raises:
        InputError: The file or a row is bad, or no question names a drug.
    """

    kind = "file"

    def __init__(self, path: Path, *, skip_bad_rows: bool = False) -> None:
        self.file = read_questions(path, skip_bad_rows=skip_bad_rows)
        self._skip_bad_rows = skip_bad_rows
        self._skipped = [self._listed(place, reason) for place, reason in self.file.bad_rows]
        self._mentions: list[dict[str, list[Mention]]] = []
        seen: dict[str, str] = {}
        for row in self.file.rows:
            identity = case_id(row.question, row.context, row.options)
            found = _mentions_by_drug(row.question) if identity not in seen else {}
            if identity in seen:
                self._skip(row, f"it asks the same as {seen[identity]}")
            elif not found:
                self._skip(row, _without_drug(row))
            seen.setdefault(identity, row.place)
            self._mentions.append(found)
        self._facts = self._facts_by_context()
        if not any(self._mentions):
            raise InputError(
                "No question names a known drug", where=path, hint="Ask about other drugs."
            )

    @property
    def record(self) -> dict[str, Any]:
        """The file, its hash, and what became of its rows."""
        return {
            "kind": self.kind,
            "path": str(self.file.path),
            "sha256": self.file.sha256,
            "format": self.file.kind,
            "rows": len(self.file.rows) + len(self.file.bad_rows),
            "rows_asked": sum(bool(found) for found in self._mentions),
            "bad_rows": len(self.file.bad_rows),
            "skip_bad_rows": self._skip_bad_rows,
        }

    @property
    def skipped_rows(self) -> Sequence[dict[str, Any]]:
        """Bad rows first, then those without a drug, in the order of the file."""
        return tuple(self._skipped)

    def slots(self, drugs: Sequence[Drug] | None) -> list[Slot]:
        """A slot for every row and every drug that its question names."""
        wanted = None if drugs is None else {drug.name for drug in drugs}
        return [
            Slot(
                drug=drug_named(name),
                relation=self._category(row),
                name=mentions[0].name,
                turn=number,
                row=number,
            )
            for number, (row, found) in enumerate(zip(self.file.rows, self._mentions, strict=True))
            for name, mentions in found.items()
            if wanted is None or name in wanted
        ]

    def case(self, slot: Slot, misspelling: Misspelling | None) -> Case:
        """The case of a slot; every mention of its drug is changed, and nothing else."""
        row = self.file.rows[slot.row]
        mentions = self._mentions[slot.row][slot.drug.name]
        first = mentions[0]
        question, name = row.question, row.question[first.start : first.end]
        if misspelling is not None:
            question = _rewritten(question, mentions, misspelling)
            name = _written(name, misspelling)
        return Case(
            id=case_id(question, row.context, row.options),
            drug=slot.drug.name,
            relation=slot.relation,
            name=name,
            question=question,
            leaflet=Leaflet(
                text=row.context,
                facts=self._facts.get(row.context, ()),
                answer_start=row.context.find(row.answers[0]),
                answer=row.answers[0],
            ),
            options=row.options,
            also_right=row.answers[1:],
        )

    def _facts_by_context(self) -> dict[str, tuple[Fact, ...]]:
        """What the answers to questions about one drug alone tell of it, by context."""
        facts: dict[str, tuple[Fact, ...]] = {}
        for row, found in zip(self.file.rows, self._mentions, strict=True):
            if row.context and row.answers[0] and len(found) == 1:
                (drug,) = found
                fact = Fact(drug, self._category(row), row.answers[0])
                facts[row.context] = (*facts.get(row.context, ()), fact)
        return facts

    def _category(self, row: Row) -> str:
        return row.category or self.file.path.stem

    def _skip(self, row: Row, reason: str) -> None:
        self._skipped.append(self._listed(row.place, reason))

    def _listed(self, place: str, reason: str) -> dict[str, Any]:
        return {"file": str(self.file.path), "row": place, "reason": reason}


def _mentions_by_drug(question: str) -> dict[str, list[Mention]]:
    """Mentions of each drug that can be misspelled, in the order in which drugs come up."""
    found: dict[str, list[Mention]] = {}
    for mention in load_finder().find(question):
        if _likeliest(mention.name):
            found.setdefault(_drug_name(mention.name), []).append(mention)
    return found


def _without_drug(row: Row) -> str:
    if load_finder().find(row.question):
        return "the drug that the question names has no misspelling"
    if load_finder().find(row.context):
        return "no drug name in the question, one in the context alone"
    return "no drug name in the question"


@cache
def _likeliest(name: str) -> Misspelling | None:
    """The first misspelling of a name that is no other drug's."""
    try:
        return next(iter(candidates(name).kept), None)
    except InputError:  # fewer than two letters, such as P-32
        return None


@cache
def _drug_name(name: str) -> str:
    """The generic name of the drug that a known name stands for; one of the table where there is one."""
    tabled = {normalise(drug.name): drug.name for drug in load_drugs()}
    substances = sorted(load_known_names().substances(name))
    for substance in substances:
        if substance in tabled:
            return tabled[substance]
    written = {normalise(each): each for each in load_known_names().names}
    return written.get(substances[0], name)


@cache
def drug_named(name: str) -> Drug:
    """A drug by its generic name; one that the table does not hold has no facts."""
    tabled = next((drug for drug in load_drugs() if drug.name == name), None)
    return tabled or Drug(name, (), "", "", "", "", "", "none")


def _rewritten(question: str, mentions: Sequence[Mention], misspelling: Misspelling) -> str:
    """A question with every mention misspelled."""
    parts, end = [], 0
    for mention in mentions:
        own = misspelling if mention.name == mentions[0].name else _likeliest(mention.name)
        assert own is not None, "mentions without a misspelling were left out"
        parts += [
            question[end : mention.start],
            _written(question[mention.start : mention.end], own),
        ]
        end = mention.end
    return "".join([*parts, question[end:]])


def _written(mention: str, misspelling: Misspelling) -> str:
    """A misspelling in the capitals of a mention.

    A misspelling that is about capitals, or that replaces the whole name, is written as it is.
    """
    if len(mention) == len(misspelling.intended):
        text, _ = recase(mention, misspelling.edits)
        if text != mention and text.casefold() == misspelling.text.casefold():
            return text
    return misspelling.text
