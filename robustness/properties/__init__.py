"""Properties: statements about answers and tokens that must hold, and what to try them on.

One implementation for the strategies, the shipped suite and a user's own tests. Re-exports only; importing
it registers the properties that there are.
"""

from robustness.properties.batched import (
    Batch,
    all_misspellings,
    assert_batched,
    draw_pairs,
    example_line,
    pair_of,
)
from robustness.properties.checking import (
    DEFAULT_THRESHOLD,
    Finding,
    check_properties,
    check_trials,
    plan_trials,
)
from robustness.properties.determinism import Determinism
from robustness.properties.difference import Invented, LookAlikes
from robustness.properties.invariance import (
    Formatting,
    Misspellings,
    Naming,
    Unicode,
    check_misspelling_invariance,
    pair_trial,
)
from robustness.properties.order import LeafletOrder, OptionOrder
from robustness.properties.registry import (
    PROPERTIES,
    Property,
    add_property,
    find_property,
    register_property,
)
from robustness.properties.remembering import Remembering
from robustness.properties.size import commonness, size_of
from robustness.properties.subject import Subject
from robustness.properties.tokens import NoCollisions, Offsets, RoundTrip
from robustness.properties.trial import DEFAULT_BUDGET, Outcome, Request, Size, Trial

__all__ = [
    "DEFAULT_BUDGET",
    "DEFAULT_THRESHOLD",
    "PROPERTIES",
    "Batch",
    "Finding",
    "Outcome",
    "Property",
    "Remembering",
    "Request",
    "Size",
    "Subject",
    "Trial",
    "add_property",
    "all_misspellings",
    "assert_batched",
    "check_misspelling_invariance",
    "check_properties",
    "check_trials",
    "commonness",
    "draw_pairs",
    "example_line",
    "find_property",
    "pair_of",
    "pair_trial",
    "plan_trials",
    "register_property",
    "size_of",
]

for _kind in (
    Misspellings,
    Formatting,
    Unicode,
    Naming,
    LookAlikes,
    Invented,
    LeafletOrder,
    OptionOrder,
    Determinism,
    RoundTrip,
    NoCollisions,
    Offsets,
):
    add_property(_kind())
