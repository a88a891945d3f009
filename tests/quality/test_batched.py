"""The batched way finds what the one-by-one way finds, and its example is no larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from robustness.errors import InputError, MisspellingInvarianceViolation, VacuousPropertyViolation
from robustness.models import Answer, load_model
from robustness.models.planted.spelling import PlantedModel
from robustness.properties import (
    Remembering,
    Subject,
    all_misspellings,
    check_misspelling_invariance,
    draw_pairs,
    pair_trial,
    size_of,
)
from robustness.strategies import assert_batched, batches, pair_of, pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import Prompt
    from robustness.questions.pair import Pair

REPEATABLE = settings(
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Partial(PlantedModel):
    """Robust, but led astray by some names: what a needle in a haystack looks like."""

    behaviour: str = "robust"
    bad: frozenset[str] = frozenset()

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        fragile = PlantedModel("fragile")
        return [
            (fragile if any(name in p.question for name in self.bad) else self)._answer(p)  # type: ignore[misc]
            for p in prompts
        ]


def violation_of(
    model: Subject | PlantedModel, **options: object
) -> MisspellingInvarianceViolation:
    with pytest.raises(MisspellingInvarianceViolation) as caught:
        assert_batched(model, **options)  # type: ignore[arg-type]
    return caught.value


def smallest_one_by_one(model: PlantedModel) -> MisspellingInvarianceViolation:
    asked = Remembering(model)

    @REPEATABLE
    @given(pairs())
    def holds(pair: Pair) -> None:
        check_misspelling_invariance(asked, pair)

    with pytest.raises(MisspellingInvarianceViolation) as caught:
        holds()
    return caught.value


def test_batches_find_the_very_failures_that_one_by_one_finds() -> None:
    model = load_model("planted:random")
    drawn = draw_pairs(200)
    found = {pair.case.id for pair in _failures(model, drawn)}
    alone = set()
    for pair in drawn:
        try:
            check_misspelling_invariance(model, pair)
        except MisspellingInvarianceViolation as violation:
            alone.add(violation.case_id)
    assert found == alone
    assert 0 < len(found) < len(drawn)


def test_the_example_is_the_smallest_there_is_and_no_larger_than_hypothesis_finds() -> None:
    fragile = PlantedModel("fragile")
    batched, single = violation_of(fragile), smallest_one_by_one(fragile)
    sizes = {one.text: size_of(one) for one in all_misspellings()}
    assert batched.distance == 1
    assert sizes[batched.written] <= sizes[single.written]
    assert "No smaller misspelling fails" in batched.__notes__[0]


def test_a_rare_failure_is_shrunk_to_the_smallest_of_its_kind() -> None:
    bad = [one for one in all_misspellings(drugs=("metformin",)) if "metf" not in one.text]
    model = Partial(bad=frozenset(one.text for one in bad))
    found = violation_of(model, drugs=("metformin", "warfarin"), examples=400)
    assert found.intended == "metformin"
    by_text = {one.text: one for one in bad}
    failing = [
        one
        for one in bad
        if any(
            pair.misspelling.text == one.text
            for pair in _failures(model, draw_pairs(2000, drugs=("metformin",)))
        )
    ]
    assert by_text[found.written] == min(failing, key=size_of)


def test_shrinking_stops_when_its_time_is_over_and_says_so() -> None:
    model = PlantedModel("fragile")
    drawn = [pair for pair in draw_pairs(300, max_edits=2) if pair.misspelling.distance == 2]
    found = violation_of(model, pairs=drawn, shrink_seconds=0.0)
    assert found.distance == 2
    assert "time for shrinking ended" in found.__notes__[0]


def test_the_pasted_line_is_the_pair_and_answers_are_asked_for_once() -> None:
    subject = Subject(PlantedModel("fragile"))
    found = violation_of(subject, examples=80)
    line = next(line for line in found.__notes__[0].splitlines() if "@example" in line)
    inside = line.split("@example(pair=")[1].removesuffix(")")
    pair = eval(inside, {"pair_of": pair_of})  # noqa: S307 - the very line that a user pastes
    assert pair.case.id == found.case_id
    asked = subject.asked
    violation_of(subject, examples=80)
    assert subject.asked == asked


def test_a_robust_model_holds_and_says_what_was_tested() -> None:
    batch = assert_batched(load_model("planted:robust"), examples=120)
    assert len(batch.pairs) == len({pair.case.id for pair in batch.pairs}) == 120
    prompts = {case.prompt for pair in batch.pairs for case in (pair.baseline, pair.case)}
    assert len(prompts) < 1.5 * len(batch.pairs)


def test_nothing_tested_is_no_pass() -> None:
    class Mute(PlantedModel):
        """Fails on every prompt."""

        def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
            raise RuntimeError(f"{len(prompts)} prompts")

    with pytest.raises(VacuousPropertyViolation, match="none of 20 pairs"):
        assert_batched(Mute("robust"), examples=20)


def test_hypothesis_can_draw_the_batches() -> None:
    model = Subject(PlantedModel("fragile"))

    @REPEATABLE
    @given(batches(max_size=20))
    def holds(batch: list[Pair]) -> None:
        assert_batched(model, batch, shrink_seconds=0.0)

    with pytest.raises(MisspellingInvarianceViolation) as caught:
        holds()
    assert caught.value.distance == 1
    with pytest.raises(InputError):
        batches(max_size=0)


def _failures(model: PlantedModel | object, drawn: list[Pair]) -> tuple[Pair, ...]:
    from robustness.properties.batched import ask_batch

    failures = ask_batch(Subject(model), drawn).failures  # type: ignore[arg-type]
    assert [pair_trial(p).size for p in failures] == sorted(pair_trial(p).size for p in failures)
    return failures
