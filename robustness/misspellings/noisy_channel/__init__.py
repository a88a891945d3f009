"""The noisy channel: the misspellings of a name that people most probably make, learned from what they typed.

Re-exports only: `rank` for the most probable ones, `sample` for draws, `distribution` for all of them.
"""

from robustness.misspellings.noisy_channel.channel_model import Distribution, NoisyChannel
from robustness.misspellings.noisy_channel.ranking import distribution, rank, sample
from robustness.misspellings.noisy_channel.table import load_channel

__all__ = ["Distribution", "NoisyChannel", "distribution", "load_channel", "rank", "sample"]
