"""What is asked, and the leaflet that an open-book model reads.

Re-exports only; the work is in the modules of this room.
"""

from robustness.questions.case import Case, make_case
from robustness.questions.leaflet import Fact, Leaflet, LeafletWriter
from robustness.questions.relation import RELATIONS, Relation

__all__ = ["RELATIONS", "Case", "Fact", "Leaflet", "LeafletWriter", "Relation", "make_case"]
