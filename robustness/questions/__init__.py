"""What is asked, and the leaflet that an open-book model reads.

Re-exports only; the work is in the modules of this room.
"""

from robustness.questions.case import Case, make_case
from robustness.questions.closed_book import ClosedBookSource
from robustness.questions.leaflet import Fact, Leaflet, LeafletWriter
from robustness.questions.look_alike_case import (
    Differing,
    NamePair,
    differing_cases,
    invented_cases,
    name_pairs,
)
from robustness.questions.relation import RELATIONS, Relation
from robustness.questions.source import EmbeddedSource, LeafletSource, Slot, Source
from robustness.questions.user_data import UserDataSource

__all__ = [
    "RELATIONS",
    "Case",
    "ClosedBookSource",
    "Differing",
    "EmbeddedSource",
    "Fact",
    "Leaflet",
    "LeafletSource",
    "LeafletWriter",
    "NamePair",
    "Relation",
    "Slot",
    "Source",
    "UserDataSource",
    "differing_cases",
    "invented_cases",
    "make_case",
    "name_pairs",
]
