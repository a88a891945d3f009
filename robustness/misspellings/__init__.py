"""Misspellings of drug names: the ones that people typed, and those that a noisy channel expects.

Re-exports only; the work is in the modules of this room.
"""

from robustness.misspellings.candidates import Candidates, Collision, candidates
from robustness.misspellings.edits import Edit, edits_between, one_edit_variants
from robustness.misspellings.misspelling import Misspelling, describe
from robustness.misspellings.observed import load_observed
from robustness.misspellings.ranking import rank, sample

__all__ = [
    "Candidates",
    "Collision",
    "Edit",
    "Misspelling",
    "candidates",
    "describe",
    "edits_between",
    "load_observed",
    "one_edit_variants",
    "rank",
    "sample",
]
