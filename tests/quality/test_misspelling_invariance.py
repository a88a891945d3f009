"""The property on real and planted models: it finds what is there, and shrinks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from robustness.drugs import load_drugs, load_known_names, select_drugs
from robustness.errors import InputError, MisspellingInvarianceViolation
from robustness.misspellings import load_observed
from robustness.models import load_model
from robustness.properties import Remembering, check_misspelling_invariance
from robustness.strategies import drugs, misspellings, pairs

if TYPE_CHECKING:
    from robustness.audit import Pair
    from robustness.models import QAModel

REPEATABLE = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def violation(model: QAModel, *, max_edits: int = 2) -> MisspellingInvarianceViolation:
    """The smallest violation that Hypothesis finds."""

    @REPEATABLE
    @given(pairs(max_edits=max_edits))
    def holds(pair: Pair) -> None:
        check_misspelling_invariance(model, pair)

    with pytest.raises(MisspellingInvarianceViolation) as caught:
        holds()
    return caught.value


def test_the_clean_trained_reader_breaks_and_the_failure_is_a_single_edit(
    robustness_model: QAModel,
) -> None:
    """The measured fact: this reader saw correct spellings only, and one edit changes its answer."""
    smallest = violation(robustness_model)
    assert smallest.distance == 1
    assert smallest.expected != smallest.answered
    assert load_known_names().is_another_drug(smallest.written, smallest.intended) is None
    assert smallest.case_id in str(smallest)


def test_a_fragile_model_shrinks_to_the_commonest_drug_and_spelling() -> None:
    smallest = violation(load_model("planted:fragile"))
    reports = {name: sum(m.reports for m in group) for name, group in load_observed().items()}
    audited = [drug.name for drug in load_drugs()]
    commonest = max(audited, key=lambda name: reports.get(name, 0))
    assert (smallest.intended, smallest.distance) == (commonest, 1)


def test_a_robust_model_holds() -> None:
    model = load_model("planted:robust")

    @REPEATABLE
    @given(pairs())
    def holds(pair: Pair) -> None:
        check_misspelling_invariance(model, pair)

    holds()


def test_strategies_shrink_as_they_say() -> None:
    assert find(pairs(), lambda _: True, settings=REPEATABLE).misspelling.distance == 1
    (metformin,) = select_drugs(["metformin"], load_drugs())
    first = find(misspellings(metformin), lambda _: True, settings=REPEATABLE)
    single = [one for one in load_observed()["metformin"] if one.distance == 1]
    assert first.reports == max(one.reports for one in single)
    assert find(drugs(), lambda drug: drug.is_high_risk, settings=REPEATABLE).is_high_risk


def test_impossible_arguments_raise() -> None:
    (metformin,) = select_drugs(["metformin"], load_drugs())
    with pytest.raises(InputError, match="Allow more edits"):
        misspellings(metformin, max_edits=0)


def test_a_remembering_model_asks_each_prompt_once() -> None:
    asked: list[int] = []

    class Counting:
        """Counts what it is asked."""

        def __init__(self) -> None:
            self._model = load_model("planted:fragile")

        def __getattr__(self, name: str) -> object:
            return getattr(self._model, name)

        def answer(self, prompts: list[object]) -> object:
            asked.append(len(prompts))
            return self._model.answer(prompts)  # type: ignore[arg-type]

    model = Remembering(Counting())  # type: ignore[arg-type]
    pair = find(pairs(), lambda _: True, settings=REPEATABLE)
    for _ in range(3):
        with pytest.raises(MisspellingInvarianceViolation):
            check_misspelling_invariance(model, pair)
    assert asked == [2]
