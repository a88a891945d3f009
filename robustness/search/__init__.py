"""Search: the smallest misspelling that changes an answer, for each question about a drug.

Re-exports only; the work is in the modules of this room.
"""

from robustness.search.baselines import Exhaustive, GreedyDrop, RandomOrder
from robustness.search.learned import LearnedOrder
from robustness.search.neighbourhood import Neighbourhood, neighbourhood
from robustness.search.question import Question
from robustness.search.runner import (
    DEFAULT_BUDGET,
    DEFAULT_REFINE,
    Order,
    Pick,
    Search,
    check_search,
    draw_drugs,
    search,
)
from robustness.search.search_results import (
    SCHEMA_VERSION,
    assemble,
    find_found,
    has_search,
    load_search,
    save_search,
)

__all__ = [
    "DEFAULT_BUDGET",
    "DEFAULT_REFINE",
    "SCHEMA_VERSION",
    "Exhaustive",
    "GreedyDrop",
    "LearnedOrder",
    "Neighbourhood",
    "Order",
    "Pick",
    "Question",
    "RandomOrder",
    "Search",
    "assemble",
    "check_search",
    "draw_drugs",
    "find_found",
    "has_search",
    "load_search",
    "neighbourhood",
    "save_search",
    "search",
]
