from __future__ import annotations

import pytest

from robustness.audit import Wanted, make_plan, run_audit
from robustness.audit.early_stop import Settling, settled
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.gate import DEFAULT_RULES, Decision, Rule
from robustness.models import load_model
from robustness.results.evidence import detectable_sentence, watches

PLAN = make_plan(load_drugs(), seed=0, budget=800)
FLIPS = [Rule("flip_rate", 0.05)]


@pytest.mark.parametrize(("spec", "decision"), [("fragile", "fail"), ("robust", "pass")])
def test_an_early_stop_decides_the_same_and_asks_less(spec: str, decision: str) -> None:
    model = load_model(f"planted:{spec}")
    whole = run_audit(PLAN, model, rules=FLIPS)
    early = run_audit(PLAN, model, rules=FLIPS, wanted=Wanted(early=True))
    assert whole["gate"]["decision"] == early["gate"]["decision"] == decision
    assert early["gate"]["early"]["stopped"]
    asked = early["counts"]["pairs"]
    assert early["gate"]["early"]["asked"] == asked == len(early["pairs"]) < 800 / 2
    assert early["counts"]["model_calls"] < whole["counts"]["model_calls"] / 2
    (rule,) = early["gate"]["rules"]
    whole_rate = whole["rates"]["overall"]["flip_rate"]["estimate"]
    assert rule["low"] <= whole_rate <= rule["high"]


def test_an_audit_that_cannot_stop_is_the_whole_audit() -> None:
    """A threshold on the true rate never settles."""
    model = load_model("planted:fragile")
    rate = run_audit(PLAN, model)["rates"]["overall"]["flip_rate"]["estimate"]
    rules = [Rule("flip_rate", rate)]
    whole, early = (
        run_audit(PLAN, model, rules=rules, wanted=Wanted(early=each)) for each in (False, True)
    )
    assert early["gate"].pop("early")["stopped"] is False
    different = {"run", "timing"}
    assert {k: v for k, v in whole.items() if k not in different} == {
        k: v for k, v in early.items() if k not in different
    }


def test_equal_prompts_are_asked_once_across_looks() -> None:
    plan = make_plan(load_drugs()[:30], seed=0, budget=0)
    rules = [Rule("flip_rate", 0.7)]
    results = run_audit(plan, load_model("planted:fragile"), rules=rules, wanted=Wanted(early=True))
    assert results["timing"]["prompts_asked"] == results["counts"]["model_calls"]


def test_when_the_gate_is_settled() -> None:
    passes, fails, open_ = Decision.PASS, Decision.FAIL, Decision.INCONCLUSIVE
    assert settled([passes, passes])
    assert settled([open_, fails])
    assert not settled([passes, open_])
    assert not settled([])


def test_rates_of_questions_and_rules_without_pairs_are_never_settled() -> None:
    known = {"channel": lambda o: o.pair.misspelling.channel}
    for rule in (Rule("baseline_accuracy", 0.5), Rule("flip_rate", 0.5, slice="channel=ocr")):
        (watch,) = watches([rule], known)
        assert Settling(watch, PLAN.pairs, rules=1).decision is Decision.INCONCLUSIVE


def test_what_the_audit_can_tell_is_said_before() -> None:
    sentence = detectable_sentence(watches(DEFAULT_RULES, {}), PLAN.pairs)
    assert "800 pairs" in sentence
    assert all(rule.metric.replace("_", " ") in sentence for rule in DEFAULT_RULES)
    with pytest.raises(InputError, match="Unknown slice"):
        run_audit(PLAN, load_model("planted:robust"), rules=[Rule("flip_rate", 0.1, slice="x=y")])
