"""Ways in which a written drug name goes wrong, one module a channel.

Re-exports only. The noisy channel, learned from what people typed, is not here but in
`robustness.misspellings.noisy_channel`.
"""

from robustness.misspellings.channels.channel import Channel, Spelling
from robustness.misspellings.channels.registry import (
    CHANNELS,
    draw_through,
    find_channel,
    misspell_through,
)

__all__ = [
    "CHANNELS",
    "Channel",
    "Spelling",
    "draw_through",
    "find_channel",
    "misspell_through",
]
