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


MARKERS = (
    "misspelling_invariance",
    "formatting_invariance",
    "unicode_invariance",
    "brand_generic_equivalence",
    "look_alikes_must_differ",
    "invented_drugs_unanswered",
    "leaflet_order_invariance",
    "option_order_invariance",
    "baseline_determinism",
    "tokenizer_round_trip",
    "no_token_collisions",
    "tokenizer_offsets",
)
"""A marker for each shipped property."""


def option(config: pytest.Config, name: str) -> str:
    """An option of the command line, or else of the ini file.

    Args:
        config: Of the pytest run.
        name: As in ``fail_under``.
    """
    given = config.getoption(f"robustness_{name}")
    return str(config.getini(f"robustness_{name}") if given is None else given)
