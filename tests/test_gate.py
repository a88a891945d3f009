from __future__ import annotations

import pytest

from robustness.gate import Decision, Rule, decide, gate
from robustness.statistics import Rate


@pytest.mark.parametrize(
    ("low", "high", "decision"),
    [
        (0.95, 0.99, Decision.PASS),
        (0.90, 0.99, Decision.PASS),
        (0.85, 0.95, Decision.INCONCLUSIVE),
        (0.70, 0.90, Decision.INCONCLUSIVE),
        (0.70, 0.89, Decision.FAIL),
    ],
)
def test_three_values(low: float, high: float, decision: Decision) -> None:
    rate = Rate((low + high) / 2, low, high, n=100, clusters=10)
    assert decide(Rule("consistency", 0.9), rate).decision is decision


def test_without_pairs_nothing_is_decided() -> None:
    assert decide(Rule("consistency", 0.9), None).decision is Decision.INCONCLUSIVE


def test_the_worst_rule_decides() -> None:
    rule = Rule("consistency", 0.9)
    passed = decide(rule, Rate(0.97, 0.95, 0.99, n=1, clusters=1))
    failed = decide(rule, Rate(0.5, 0.4, 0.6, n=1, clusters=1))
    unclear = decide(rule, Rate(0.9, 0.8, 0.99, n=1, clusters=1))
    assert gate([passed, unclear, failed])["decision"] == "fail"
    assert gate([passed, unclear])["decision"] == "inconclusive"
    assert gate([passed])["decision"] == "pass"
    assert gate([]) == {"decision": "pass", "rules": []}
