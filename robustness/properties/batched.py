"""Batched properties: draw many pairs, ask the model once for all, shrink to the single smallest failure.

Hypothesis asks one example at a time, which is the slow way for a model. Here equal prompts are asked once,
several misspellings share the question with the correct name, and prompts are sorted by length. Shrinking
goes its own way: from the smallest pair upwards, batch by batch, until one fails that is smaller than what
was found, or the time for it is over. It does not shrink leaflets or questions.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, select_drugs
from robustness.errors import InputError, VacuousPropertyViolation
from robustness.misspellings import DEFAULT_CHANNELS, Misspelling, candidates, describe
from robustness.properties.invariance import Misspellings, pair_trial
from robustness.properties.planning import source_for
from robustness.properties.size import size_of
from robustness.properties.subject import Subject
from robustness.questions.pair import slot_pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from robustness.models import QAModel
    from robustness.questions import Slot
    from robustness.questions.pair import Pair

SHRINK_SECONDS = 30.0
_AT_ONCE = 64
"""Pairs that shrinking asks at once."""
MISSPELLINGS = Misspellings()


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch showed."""

    pairs: tuple[Pair, ...]
    """What was tested."""
    failures: tuple[Pair, ...]
    """Pairs whose answer changed, the smallest first."""
    errors: tuple[Pair, ...]
    """Pairs that the model failed on."""


@lru_cache(maxsize=32)
def all_misspellings(
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    drugs: tuple[str, ...] | None = None,
) -> tuple[Misspelling, ...]:
    """Every misspelling of the drugs' generic names, the smallest first, see `robustness.properties.size`.

    Args:
        max_edits: Largest edit distance, at least 1.
        channels: Where they come from, see `robustness.misspellings.candidates`.
        drugs: Names of drugs; None for all.

    Raises:
        InputError: There is none, or a drug or channel is unknown.
    """
    chosen = load_drugs() if drugs is None else select_drugs(drugs, load_drugs())
    found = [
        one
        for drug in chosen
        for one in candidates(drug.name, channels).kept
        if one.distance <= max_edits and one.text.lower() != drug.name
    ]
    if not found:
        raise InputError(
            f"No misspelling of at most {max_edits} edits", value=drugs, hint="Allow more edits."
        )
    return tuple(sorted(found, key=size_of))


def draw_pairs(
    count: int,
    *,
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    drugs: tuple[str, ...] | None = None,
    seed: int = 0,
    kind: str = "",
) -> list[Pair]:
    """Distinct pairs, several of one question side by side; fewer of one seed are the first ones of more.

    Args:
        count: How many at most, at least 1; there may be fewer.
        max_edits: Largest edit distance, at least 1.
        channels: Where misspellings come from.
        drugs: Names of drugs; None for all.
        seed: Decides which pairs, leaflets and phrasings.
        kind: Kind of model, see `robustness.properties.Request`.

    Raises:
        InputError: There is no such misspelling.
    """
    by_drug: dict[str, list[Misspelling]] = {}
    for one in all_misspellings(max_edits, channels, drugs):
        by_drug.setdefault(one.intended, []).append(one)
    source = source_for(seed, kind)
    chosen = tuple(drug for drug in load_drugs() if drug.name in by_drug)
    slots = source.slots(chosen)
    Random(f"{seed}/batch").shuffle(slots)
    found: list[Pair] = []
    for slot in slots:
        for misspelling in by_drug[slot.name]:
            if len(found) == count:
                return found
            found.append(_pair(slot, misspelling, seed, kind))
    return found


def pair_of(drug: str, written: str, relation: str, *, seed: int = 0, kind: str = "") -> Pair:
    """The pair that a counterexample names, to paste it: ``@example(pair_of(...))``.

    Args:
        drug: Generic name of the drug.
        written: Its name as written.
        relation: What is asked.
        seed: Seed of the leaflet and the phrasing.
        kind: Kind of model.

    Raises:
        InputError: There is no such drug, or it has no such fact.

    >>> pair_of("metformin", "metfromin", "route").case.name
    'metfromin'
    """
    (chosen,) = select_drugs([drug], load_drugs())
    slots = [one for one in source_for(seed, kind).slots([chosen]) if one.relation == relation]
    if not slots:
        raise InputError("The drug has no such fact", value=f"{drug}: {relation}")
    return _pair(slots[0], describe(written, chosen.name, "observed"), seed, kind)


def example_line(pair: Pair, seed: int) -> str:
    """The line that tests a pair again under Hypothesis."""
    names = ", ".join(repr(each) for each in (pair.drug.name, pair.case.name, pair.case.relation))
    return f"@example(pair=pair_of({names}, seed={seed}))"


def assert_batched(
    model: QAModel | Subject,
    pairs: Sequence[Pair] | None = None,
    *,
    examples: int = 500,
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    drugs: tuple[str, ...] | None = None,
    seed: int = 0,
    shrink_seconds: float = SHRINK_SECONDS,
) -> Batch:
    """Test that misspellings do not change answers, many at once, and complain about the smallest that does.

    Args:
        model: Whom to ask; a `Subject` remembers what it was asked before.
        pairs: What to test. Default: pairs drawn from all that the next five arguments allow.
        examples: How many pairs are drawn.
        max_edits: Largest edit distance, at least 1.
        channels: Where misspellings come from.
        drugs: Names of drugs; None for all.
        seed: Decides which pairs, leaflets and phrasings.
        shrink_seconds: Time for looking for a smaller failure than those that were drawn.

    Returns:
        What was tested, when nothing failed.

    Raises:
        MisspellingInvarianceViolation: The smallest failure; its notes say how it was found.
        VacuousPropertyViolation: No pair got two answers.
    """
    subject = model if isinstance(model, Subject) else Subject(model)
    if pairs is None:
        pairs = draw_pairs(
            examples,
            max_edits=max_edits,
            channels=channels,
            drugs=drugs,
            seed=seed,
            kind=subject.model.kind,
        )
    batch = ask_batch(subject, pairs)
    if len(batch.errors) == len(pairs):
        raise VacuousPropertyViolation(
            property=MISSPELLINGS.name, reason=f"none of {len(pairs)} pairs got two answers"
        )
    if not batch.failures:
        return batch
    smaller = _Shrinking(subject, seed, time.monotonic() + shrink_seconds)
    found = all_misspellings(max_edits, channels, drugs)
    pair = smaller.smallest(batch.failures[0], found)
    (outcome,) = MISSPELLINGS.check([pair_trial(pair)], subject)
    assert outcome.violation is not None
    outcome.violation.add_note(
        f"{len(batch.failures)} of {len(pairs)} pairs failed. {smaller.said}\n"
        f"Paste to test it again: {example_line(pair, seed)}"
    )
    raise outcome.violation


def ask_batch(subject: Subject, pairs: Sequence[Pair]) -> Batch:
    """Ask all pairs at once and judge them."""
    outcomes = MISSPELLINGS.check([pair_trial(pair) for pair in pairs], subject)
    failing = sorted((one.trial.size, n) for n, one in enumerate(outcomes) if one.violation)
    wrong = [pair for pair, one in zip(pairs, outcomes, strict=True) if one.error]
    return Batch(tuple(pairs), tuple(pairs[n] for _, n in failing), tuple(wrong))


class _Shrinking:
    """Looks for a smaller failure, from the smallest pair upwards, as long as the time lasts."""

    def __init__(self, subject: Subject, seed: int, end: float) -> None:
        self._subject, self._seed, self._end = subject, seed, end
        self.said = ""

    def smallest(self, failing: Pair, misspellings: Sequence[Misspelling]) -> Pair:
        """The smallest failing pair: of the same drug first, then of all."""
        own = [one for one in misspellings if one.intended == failing.misspelling.intended]
        best, _ = self._below(failing, own)
        best, done = self._below(best, misspellings)
        self.said = (
            "No smaller misspelling fails."
            if done
            else "The time for shrinking ended before all smaller misspellings were tried."
        )
        return best

    def _below(self, best: Pair, misspellings: Sequence[Misspelling]) -> tuple[Pair, bool]:
        """The first failure among pairs smaller than the best, and whether all of them were tried."""
        limit = size_of(best.misspelling)
        smaller = (one for one in misspellings if size_of(one) < limit)
        pairs = (pair for one in smaller for pair in pairs_of(one, self._seed, self._kind))
        while group := list(islice(pairs, _AT_ONCE)):
            if time.monotonic() >= self._end:
                return best, False
            failures = ask_batch(self._subject, group).failures
            if failures:
                return failures[0], True
        return best, True

    @property
    def _kind(self) -> str:
        return self._subject.model.kind


def pairs_of(misspelling: Misspelling, seed: int, kind: str = "") -> Iterator[Pair]:
    """The pairs of a misspelling, one for each question about its drug."""
    (drug,) = select_drugs([misspelling.intended], load_drugs())
    source = source_for(seed, kind)
    return (_pair(slot, misspelling, seed, kind) for slot in source.slots([drug]))


def _pair(slot: Slot, misspelling: Misspelling, seed: int, kind: str) -> Pair:
    source = source_for(seed, kind)
    return slot_pair(source, slot, misspelling)
