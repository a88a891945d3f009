from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.drugs import load_drugs, select_drugs
from robustness.errors import InputError, ModelError, VacuousPropertyViolation
from robustness.gate import Decision
from robustness.models import Answer, load_model
from robustness.properties import PROPERTIES, Request, Subject, check_properties, find_property
from robustness.properties.checking import check_trials, plan_trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import Prompt

FEW = Request(budget=120, drugs=load_drugs()[:40])


class Mute:
    """Fails on every prompt."""

    spec, kind, fingerprint = "mute", "python", "mute"
    tokenizer_path = held_out_drugs = None

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        raise ModelError("Out of order", hint=f"{len(prompts)} prompts.")


def test_a_property_that_tested_nothing_fails_and_says_why() -> None:
    (glucagon,) = select_drugs(["glucagon"], load_drugs())
    no_pairs = check_properties(
        load_model("planted:robust"),
        Request(drugs=(glucagon,)),
        properties=[find_property("look-alikes-must-differ")],
    )["look-alikes-must-differ"]
    assert not no_pairs.passed
    with pytest.raises(VacuousPropertyViolation, match="no trial could be made"):
        no_pairs.complain()


def test_errors_are_neither_passes_nor_failures() -> None:
    (found,) = check_properties(
        Mute(), FEW, properties=[find_property("misspelling-invariance")]
    ).values()
    assert not found.passed
    assert not found.counterexamples
    assert "got an answer" in found.vacuous
    with pytest.raises(VacuousPropertyViolation, match="misspelling-invariance"):
        found.complain()


def test_what_does_not_apply_is_skipped_with_its_reason() -> None:
    found = check_properties(load_model("planted:robust"), FEW)
    assert found["tokenizer-round-trip"].skipped == "the model shows no tokenizer"
    assert found["tokenizer-round-trip"].passed
    assert found["tokenizer-round-trip"].rate is None


def test_the_threshold_decides() -> None:
    chosen = [find_property("misspelling-invariance")]
    model = load_model("planted:fragile")
    (strict,) = check_properties(model, FEW, properties=chosen).values()
    (lenient,) = check_properties(model, FEW, properties=chosen, threshold=0.0).values()
    assert (strict.passed, strict.decision) == (False, Decision.FAIL)
    assert (lenient.passed, lenient.decision) == (True, Decision.PASS)
    assert [o.trial.size for o in strict.counterexamples] == sorted(
        o.trial.size for o in strict.counterexamples
    )


def test_the_budget_is_shared_out_and_must_be_a_number_of_trials() -> None:
    planned = plan_trials(list(PROPERTIES.values()), FEW)
    counts = {name: len(trials) for name, trials in planned.items() if PROPERTIES[name].share}
    assert sum(counts.values()) <= FEW.budget
    assert counts["misspelling-invariance"] > counts["formatting-invariance"] > 1
    with pytest.raises(InputError, match="Not a budget"):
        plan_trials(list(PROPERTIES.values()), Request(budget=0))


def test_every_prompt_is_asked_once_but_for_determinism() -> None:
    asked: list[Prompt] = []

    class Counting:
        """Counts what it is asked."""

        def __init__(self) -> None:
            self._model = load_model("planted:robust")

        def __getattr__(self, name: str) -> object:
            return getattr(self._model, name)

        def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
            asked.extend(prompts)
            return self._model.answer(prompts)

    subject = Subject(Counting())  # type: ignore[arg-type]
    planned = plan_trials(list(PROPERTIES.values()), FEW)
    check_trials(planned, subject)
    twice = len(asked) - len(set(asked))
    assert twice == len(planned["baseline-determinism"])
    assert subject.asked == len(asked)
