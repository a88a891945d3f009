"""A property is shipped when it has a marker, a test module and a row in the docs."""

from __future__ import annotations

from pathlib import Path

from robustness.properties import PROPERTIES
from robustness.suite import (
    test_difference,
    test_invariance,
    test_order,
    test_own,
    test_tokens,
)
from robustness.suite.options import MARKERS

DOCS = Path(__file__).parents[2] / "docs" / "pytest.md"
MODULES = (test_invariance, test_difference, test_order, test_tokens)


def test_every_shipped_property_has_a_marker() -> None:
    assert {name.replace("-", "_") for name in PROPERTIES} == set(MARKERS)


def test_every_shipped_property_is_in_one_module_of_the_suite() -> None:
    assert test_own.PROPERTIES == ()
    assert sorted(name for module in MODULES for name in module.PROPERTIES) == sorted(PROPERTIES)


def test_every_shipped_property_has_a_row_in_the_docs() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert [name for name in PROPERTIES if not any(f"`{name}`" in row for row in rows)] == []
