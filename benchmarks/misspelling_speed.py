"""Ranked misspellings a second on one core, next to the plain way to make them.

Ours: `rank` with a limit of 100, one name after the other, which gives distinct misspellings without collisions by
probability; over drugs of the table and over other known names. The plain way: every one-edit variant of a name, each asked of
`KnownNames.is_another_drug`; it ranks nothing and knows no two-edit ones. Loading is not counted, and nothing is kept
from one name or round to the next. What counts is the processor time of this process in the best
of some rounds, so that what else the machine does matters little; where a core is shared with another process its
caches still are.

    python benchmarks/misspelling_speed.py [--drugs 300] [--rounds 15]
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from rich.console import Console

from robustness.drugs import load_drugs, load_known_names
from robustness.misspellings import one_edit_variants, rank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIMIT = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drugs", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15, help="the best of these counts")
    options = parser.parse_args()
    drugs = [drug.name for drug in load_drugs()]
    others = sorted({name.lower() for name in load_known_names().names} - set(drugs))
    names = {"drugs of the table": drugs[: options.drugs], "other names": others[: options.drugs]}
    console = Console(highlight=False)
    plain = speed(drugs[:10], checked_one_by_one, 3)
    console.print(f"every one-edit variant, checked one by one: {plain:,.0f} a second")
    for what, chosen in names.items():
        ours = speed(chosen, ranked, options.rounds)
        console.print(
            f"rank(name, {LIMIT}) over {len(chosen)} {what}: {ours:,.0f} misspellings a second, "
            f"{ours / plain:.1f} times as many"
        )


def speed(names: Sequence[str], make: Callable[[Sequence[str]], int], rounds: int) -> float:
    """Misspellings a second of processor time in the best of some rounds."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        made = make(names)
        best = max(best, made / (time.process_time() - start))
    return best


def ranked(names: Sequence[str]) -> int:
    """How many misspellings the noisy channel ranks."""
    return sum(len(rank(name, LIMIT)) for name in names)


def checked_one_by_one(names: Sequence[str]) -> int:
    """How many one-edit variants are no other drug."""
    known = load_known_names()
    variants = ((text, name) for name in names for text, _ in one_edit_variants(name))
    return sum(known.is_another_drug(text, name) is None for text, name in variants)


if __name__ == "__main__":
    main()
