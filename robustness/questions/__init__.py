"""What is asked, and the leaflet that an open-book model reads.

Re-exports only; the work is in the modules of this room.
"""

from robustness.questions.case import Case, make_case
from robustness.questions.closed_book import ClosedBookSource
from robustness.questions.leaflet import Fact, Leaflet, LeafletWriter
from robustness.questions.relation import RELATIONS, Relation
from robustness.questions.source import LeafletSource, Slot, Source
from robustness.questions.user_data import UserDataSource

__all__ = [
    "RELATIONS",
    "Case",
    "ClosedBookSource",
    "Fact",
    "Leaflet",
    "LeafletSource",
    "LeafletWriter",
    "Relation",
    "Slot",
    "Source",
    "UserDataSource",
    "make_case",
]
