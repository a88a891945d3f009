"""Speed of the X-ray beside the bare `encode_batch` of the same package on the same strings, in one run.

Run: python benchmarks/xray.py NAME=SPEC... Default: the embedded reader's tokenizer. Prints seconds for 300
drugs with 100 misspellings each, the best of three, and the ratio.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs
from robustness.misspellings import rank
from robustness.tokenizers import load_tokenizer, xray

if TYPE_CHECKING:
    from collections.abc import Callable


def bare(backend: Any, texts: list[str]) -> Callable[[], Any]:
    """The package's own batch call."""
    if hasattr(backend, "encode_ordinary_batch"):
        return lambda: backend.encode_ordinary_batch(texts, num_threads=2)
    if hasattr(backend, "id_to_piece"):
        return lambda: backend.encode(texts, num_threads=2)
    return lambda: backend.encode_batch(texts, add_special_tokens=False)


def best(call: Callable[[], Any]) -> float:
    """Seconds of the quickest of three calls."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


def main(specs: list[str]) -> None:
    """Print a line a tokenizer."""
    names = [drug.name for drug in load_drugs()[:300]]
    pairs = [(name, one.text) for name in names for one in rank(name, 100)]
    texts = [text for _, text in pairs]
    for spec in specs:
        name, _, path = spec.rpartition("=")
        tokenizer: Any = load_tokenizer(path, name=name or None)
        alone = best(bare(tokenizer.backend, texts))
        whole = best(lambda tokenizer=tokenizer: xray(tokenizer, pairs))
        print(  # noqa: T201
            f"{tokenizer.name}: {len(pairs)} pairs, bare {alone:.2f} s, X-ray {whole:.2f} s, "
            f"ratio {alone / whole:.2f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["reader"])
