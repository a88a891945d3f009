"""Statistics of audits: rates, comparisons, early decisions and how many pairs a decision needs.

Re-exports only; the work is in the modules of this room. Nothing here knows models or drugs.
"""

from robustness.statistics.bootstrap import cluster_bootstrap
from robustness.statistics.multiplicity import holm
from robustness.statistics.paired import PairedComparison, compare_paired
from robustness.statistics.power import detectable, pairs_needed
from robustness.statistics.rate_difference import difference_interval
from robustness.statistics.rates import METHOD, Rate, clustered_rate, simple_rate
from robustness.statistics.sequential import ConfidenceSequence

__all__ = [
    "METHOD",
    "ConfidenceSequence",
    "PairedComparison",
    "Rate",
    "cluster_bootstrap",
    "clustered_rate",
    "compare_paired",
    "detectable",
    "difference_interval",
    "holm",
    "pairs_needed",
    "simple_rate",
]
