"""What a tokenizer does to drug names.

Re-exports only; the work is in the modules of this room.
"""

from robustness.tokenizers.protocol import Tokenizer
from robustness.tokenizers.tokenizer_json import load_tokenizer
from robustness.tokenizers.xray import XRay, xray

__all__ = ["Tokenizer", "XRay", "load_tokenizer", "xray"]
