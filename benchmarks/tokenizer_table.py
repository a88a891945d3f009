"""Write the table of docs/tokenizers.md again, from the tokenizers that the tests use.

Run from a checkout after `make test`: python -m benchmarks.tokenizer_table. Prints Markdown.
"""

from __future__ import annotations

from robustness.attribution.tokenizer_comparison import compare_tokenizers
from robustness.reporting.tokenizers.tokenizer_page import markdown_table
from tests.tokenizers.real import REAL

if __name__ == "__main__":
    specs = [*(f"{name}={spec}" for name, spec in REAL.items()), "bytes", "characters"]
    print(markdown_table(compare_tokenizers(specs)))  # noqa: T201
