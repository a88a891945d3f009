"""Properties of a tokenizer alone: what it does to drug names must be undone, unmistakable and located.

White space is not compared: many tokenizers put it back in their own way. What the tokenizer folds by
design (capitals, Unicode forms) is folded before comparing. The model is not asked.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, load_known_names
from robustness.errors import OffsetsViolation, RoundTripViolation, TokenCollisionViolation
from robustness.misspellings import candidates
from robustness.properties.registry import Property
from robustness.properties.size import commonness, size_of
from robustness.properties.trial import Outcome, Size, Trial, trial_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from robustness.drugs import Drug
    from robustness.properties.subject import Subject
    from robustness.properties.trial import Request
    from robustness.tokenizers import Tokenizer

PER_DRUG = 4
"""Misspellings of a drug that are tried in addition to its names."""


class TokenProperty(Property):
    """A property of names as the tokenizer cuts them."""

    share = 0
    must_always_hold = True

    def unfit(self, subject: Subject) -> str:
        """It needs a tokenizer that can be looked at."""
        return "" if subject.tokenizer else "the model shows no tokenizer"

    def trials(self, request: Request) -> list[Trial]:
        """Generic names, brand names and misspellings."""
        chosen = load_drugs() if request.drugs is None else request.drugs
        drugs = sorted(chosen, key=lambda drug: commonness().get(drug.name, len(commonness())))
        found = {trial.id: trial for drug in drugs for trial in self._texts(drug)}
        return list(found.values())

    def _texts(self, drug: Drug) -> Iterator[Trial]:
        place = commonness().get(drug.name, len(commonness()))
        texts = {text: Size(drug=place, text=text) for text in (drug.name, *drug.brands)}
        texts |= {one.text: size_of(one) for one in candidates(drug.name).kept[:PER_DRUG]}
        for text, size in texts.items():
            identity = trial_id(self.name, drug.name, text)
            yield Trial(identity, drug.name, f"{drug.name} as {text!r}", size=size, data=text)


class RoundTrip(TokenProperty):
    """Ids of a name, turned into text again, are the name."""

    name = "tokenizer-round-trip"
    description = "the token ids of a name, turned into text again, must spell the name"

    def check(self, trials: Sequence[Trial], subject: Subject) -> list[Outcome]:
        """Encode and decode all texts at once."""
        assert subject.tokenizer
        texts = [trial.data for trial in trials]
        decoded = subject.tokenizer.decode(subject.tokenizer.encode(texts).split())
        return [
            Outcome(trial)
            if _folded(subject.tokenizer, trial.data) == _folded(subject.tokenizer, again)
            else Outcome(
                trial,
                RoundTripViolation(case_id=trial.id, written=trial.data, decoded=again),
            )
            for trial, again in zip(trials, decoded, strict=True)
        ]


class NoCollisions(TokenProperty):
    """No two drugs share the ids of their names or misspellings."""

    name = "no-token-collisions"
    description = "texts that mean different drugs must not have the same token ids"

    def check(self, trials: Sequence[Trial], subject: Subject) -> list[Outcome]:
        """Compare all texts with one another and with the names of every drug of the table."""
        assert subject.tokenizer
        names = {name: drug.name for drug in load_drugs() for name in (drug.name, *drug.brands)}
        texts = [*names, *(trial.data for trial in trials)]
        means = [*names.values(), *(trial.drug for trial in trials)]
        ids = [tuple(row) for row in subject.tokenizer.encode(texts).split()]
        owners: dict[tuple[int, ...], dict[str, str]] = {}
        for text, drug, row in zip(texts, means, ids, strict=True):
            owners.setdefault(row, {}).setdefault(drug, text)
        return [
            Outcome(trial, self._collision(trial, row, owners[row]))
            for trial, row in zip(trials, ids[len(names) :], strict=True)
        ]

    def _collision(
        self, trial: Trial, ids: tuple[int, ...], owners: dict[str, str]
    ) -> TokenCollisionViolation | None:
        known = load_known_names()
        own = known.substances(trial.data) | known.substances(trial.drug)
        for drug, text in owners.items():
            shared = known.substances(drug) & own or known.substances(text) & own
            if drug != trial.drug and not shared:
                return TokenCollisionViolation(
                    case_id=trial.id, written=trial.data, other=text, ids=ids
                )
        return None


class Offsets(TokenProperty):
    """The places of pieces cover a name in order."""

    name = "tokenizer-offsets"
    description = "the offsets of a name's pieces must cover its letters in order"

    def check(self, trials: Sequence[Trial], subject: Subject) -> list[Outcome]:
        """Look at the spans of all texts at once."""
        assert subject.tokenizer
        cut = subject.tokenizer.encode([trial.data for trial in trials])
        spans, ends = cut.spans.tolist(), list(accumulate(cut.counts.tolist()))
        own = [spans[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        return [
            Outcome(trial)
            if covers(trial.data, places)
            else Outcome(
                trial,
                OffsetsViolation(
                    case_id=trial.id, written=trial.data, spans=tuple((a, b) for a, b in places)
                ),
            )
            for trial, places in zip(trials, own, strict=True)
        ]


def covers(text: str, spans: Sequence[Sequence[int]]) -> bool:
    """Whether spans are in order, inside the text, and leave no letter or digit out.

    >>> covers("metformin", [(0, 3), (3, 9)]), covers("metformin", [(0, 3), (4, 9)])
    (True, False)
    """
    reached = 0
    for start, end in spans:
        in_order = 0 <= start <= end <= len(text) and end >= reached
        if not in_order or any(letter.isalnum() for letter in text[reached:start]):
            return False
        reached = end
    return not any(letter.isalnum() for letter in text[reached:])


def _folded(tokenizer: Tokenizer, text: str) -> str:
    return "".join(tokenizer.normalise(text).split())
