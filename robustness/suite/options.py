"""The options and markers of the pytest plugin and the shipped suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

OPTIONS = (
    ("model", "reader", "model to test: reader, a folder or hub id, planted:NAME and others"),
    ("seed", "0", "decides leaflets, phrasings and which trials are made"),
    ("budget", "2000", "about how many trials the suite makes, over all properties"),
    ("fail-under", "0.95", "share of a property's trials that must hold, 0 to 1"),
    ("out", "", "folder of the suite's report [reports/MODEL]"),
    ("cache", "", "folder of answers and failing cases [in the cache of pytest]"),
    ("replay", "", "id of one case to ask again"),
)


SHIPPED: dict[str, tuple[str, ...]] = {
    "invariance": (
        "misspelling-invariance",
        "formatting-invariance",
        "unicode-invariance",
        "brand-generic-equivalence",
    ),
    "difference": ("look-alikes-must-differ", "invented-drugs-unanswered"),
    "order": ("leaflet-order-invariance", "option-order-invariance", "baseline-determinism"),
    "tokens": ("tokenizer-round-trip", "no-token-collisions", "tokenizer-offsets"),
}
"""The shipped properties, by the module of the suite that tests them; all others are the user's own."""
MARKERS = tuple(name.replace("-", "_") for names in SHIPPED.values() for name in names)
"""A marker for each shipped property."""


def option(config: pytest.Config, name: str) -> str:
    """An option of the command line, or else of the ini file.

    Args:
        config: Of the pytest run.
        name: As in ``fail_under``.
    """
    given = config.getoption(f"robustness_{name}")
    return str(config.getini(f"robustness_{name}") if given is None else given)
