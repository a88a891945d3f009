"""Misspellings of drug names: the ones that people typed, the likely ones, and those of other channels.

Re-exports only; the work is in the modules of this room.
"""

from robustness.misspellings.candidates import (
    DEFAULT_CHANNELS,
    Candidates,
    Collision,
    candidates,
    channel_descriptions,
    check_channels,
)
from robustness.misspellings.channels.registry import misspell_through
from robustness.misspellings.edits import Edit, edits_between, one_edit_variants
from robustness.misspellings.misspelling import Misspelling, describe
from robustness.misspellings.noisy_channel import rank, sample
from robustness.misspellings.observed import load_observed

__all__ = [
    "DEFAULT_CHANNELS",
    "Candidates",
    "Collision",
    "Edit",
    "Misspelling",
    "candidates",
    "channel_descriptions",
    "check_channels",
    "describe",
    "edits_between",
    "load_observed",
    "misspell_through",
    "one_edit_variants",
    "rank",
    "sample",
]
