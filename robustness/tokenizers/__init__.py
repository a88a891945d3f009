"""What a tokenizer does to drug names.

Re-exports only; the work is in the modules of this room. Adapters are imported when one is loaded.
"""

from robustness.tokenizers.loading import TOKENIZERS, load_tokenizer
from robustness.tokenizers.protocol import Encoded, Tokenizer, Vocabulary
from robustness.tokenizers.xray import CHANGES, XRay, xray

__all__ = [
    "CHANGES",
    "TOKENIZERS",
    "Encoded",
    "Tokenizer",
    "Vocabulary",
    "XRay",
    "load_tokenizer",
    "xray",
]
