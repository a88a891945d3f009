"""Properties of pairs: another way to write a drug's name must not change the answer.

An answer that was wrong with the correct name and became right is no violation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from robustness.errors import (
    FormattingInvarianceViolation,
    InvarianceViolation,
    MisspellingInvarianceViolation,
    NamingEquivalenceViolation,
    UnicodeInvarianceViolation,
)
from robustness.misspellings import DEFAULT_CHANNELS, candidates
from robustness.properties.planning import collect
from robustness.properties.registry import Property
from robustness.properties.size import size_of
from robustness.properties.trial import Trial
from robustness.questions.case import case_id
from robustness.questions.pair import slot_pair
from robustness.questions.relation import relation_named
from robustness.verdicts import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from robustness.models import Answer, QAModel
    from robustness.properties.trial import Request
    from robustness.questions import Case, Slot, Source
    from robustness.questions.pair import Pair

_HOLDS = (Verdict.CONSISTENT, Verdict.RECOVERED)
PER_SLOT = 3
"""Misspellings of one question, so that the question with the correct name is asked for several."""


def pair_trial(pair: Pair) -> Trial:
    """The trial of a pair; its id is that of the misspelled case."""
    return Trial(
        id=pair.case.id,
        drug=pair.drug.name,
        label=f"{pair.drug.name} written {pair.case.name!r}, {pair.case.relation}",
        prompts=(pair.baseline.prompt, pair.case.prompt),
        size=size_of(pair.misspelling),
        data=pair,
    )


def pair_violation(
    kind: type[InvarianceViolation], pair: Pair, before: str, after: str
) -> InvarianceViolation | None:
    """What two answers to a pair violate, or None where the answer held."""
    verdict = judge(pair.case, before, after).verdict
    if verdict in _HOLDS:
        return None
    return kind(
        case_id=pair.case.id,
        intended=pair.misspelling.intended,
        written=pair.misspelling.text,
        distance=pair.misspelling.distance,
        question=pair.baseline.question,
        expected=before,
        answered=after,
        gold=pair.case.gold,
        verdict=verdict.value,
    )


def check_misspelling_invariance(model: QAModel, pair: Pair) -> None:
    """Ask a pair and complain when the misspelling made the answer worse.

    Raises:
        MisspellingInvarianceViolation: The answer changed.
    """
    before, after = model.answer([pair.baseline.prompt, pair.case.prompt])
    violation = pair_violation(MisspellingInvarianceViolation, pair, before.text, after.text)
    if violation:
        raise violation


class Invariance(Property):
    """Names through some channels get the answer of the correct name."""

    channels: ClassVar[tuple[str, ...]] = ()
    violation: ClassVar[type[InvarianceViolation]] = InvarianceViolation

    def trials(self, request: Request) -> list[Trial]:
        """Pairs of a correct and another way to write a name."""
        return collect(request, self._pairs, per_slot=PER_SLOT)

    def judge(self, trial: Trial, answers: Sequence[Answer]) -> InvarianceViolation | None:
        """Whether the answer held."""
        before, after = answers
        return pair_violation(self.violation, trial.data, before.text, after.text)

    def _pairs(self, source: Source, slot: Slot) -> Iterator[Trial]:
        kept = candidates(slot.name, self.channels).kept
        for number in range(len(kept)):
            one = kept[(number + slot.turn) % len(kept)]
            pair = slot_pair(source, slot, one)
            if pair.case.id != pair.baseline.id:
                yield pair_trial(pair)


class Misspellings(Invariance):
    """A misspelled name gets the answer of the correct one."""

    name = "misspelling-invariance"
    description = "a misspelled drug name that is no other drug's must not change the answer"
    share = 9
    channels = DEFAULT_CHANNELS
    violation = MisspellingInvarianceViolation


class Formatting(Invariance):
    """The right letters, set otherwise, get the same answer."""

    name = "formatting-invariance"
    description = "capitals, hyphens, spaces or a dose glued to the name must not change the answer"
    share = 3
    channels = ("formatting",)
    violation = FormattingInvarianceViolation


class Unicode(Invariance):
    """The same name in other characters gets the same answer."""

    name = "unicode-invariance"
    description = "a name in characters that look the same must not change the answer"
    share = 3
    channels = ("unicode",)
    violation = UnicodeInvarianceViolation


class Naming(Invariance):
    """A brand name gets the answer of the generic name; a leaflet says which is whose brand."""

    name = "brand-generic-equivalence"
    description = "the brand name must get the answer of the generic name"
    share = 2
    channels = ("naming",)
    violation = NamingEquivalenceViolation

    def _pairs(self, source: Source, slot: Slot) -> Iterator[Trial]:
        if slot.relation == "brand":
            return
        for trial in super()._pairs(source, slot):
            pair: Pair = trial.data
            brand = pair.case.name
            yield pair_trial(pair.with_cases(_told(pair.baseline, brand), _told(pair.case, brand)))


def _told(case: Case, brand: str) -> Case:
    """The case with a sentence in its leaflet that says whose brand it is; a closed book stays closed."""
    if not case.leaflet.text:
        return case
    sentence = relation_named("brand").sentences[0].format(drug=case.drug, value=brand)
    text = f"{case.leaflet.text} {sentence[0].upper()}{sentence[1:]}"
    return replace(
        case,
        id=case_id(case.question, text, case.options),
        leaflet=replace(case.leaflet, text=text),
    )
