"""Test misspellings in batches against one by one with Hypothesis, on the same pairs of the embedded reader.

The one-by-one way draws a pair, asks it and judges it, as ``@given(pairs())`` does. The batched way asks the very
same pairs at once. Both record failures and go on, so that both test everything; then each looks for its smallest
failing example. Prints misspellings tested a second, their ratio, whether the failures are the same, and the
size of both examples.

    python benchmarks/batched_properties.py [--examples 150] [--model reader]
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings

from robustness.errors import MisspellingInvarianceViolation
from robustness.models import load_model
from robustness.properties import (
    Remembering,
    Subject,
    all_misspellings,
    check_misspelling_invariance,
    size_of,
)
from robustness.properties.batched import ask_batch
from robustness.strategies import assert_batched, pairs

if TYPE_CHECKING:
    from robustness.models import QAModel
    from robustness.questions.pair import Pair


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def hypothesis_settings(examples: int, *phases: Phase) -> settings:
    """Settings that make a run repeatable."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )


def one_by_one(model: QAModel, examples: int) -> tuple[dict[str, Pair], set[str], float]:
    """Pairs in the order in which Hypothesis drew them, ids of those that failed, and seconds."""
    drawn: dict[str, Pair] = {}
    failing: set[str] = set()
    asked = Remembering(model)

    @hypothesis_settings(examples, Phase.generate)
    @given(pair=pairs())
    def test(pair: Pair) -> None:
        drawn[pair.case.id] = pair
        try:
            check_misspelling_invariance(asked, pair)
        except MisspellingInvarianceViolation as violation:
            failing.add(violation.case_id)

    started = time.perf_counter()
    test()
    return drawn, failing, time.perf_counter() - started


def smallest_one_by_one(model: QAModel, examples: int) -> MisspellingInvarianceViolation | None:
    """What Hypothesis finds and shrinks by itself."""
    asked = Remembering(model)

    @hypothesis_settings(examples, Phase.generate, Phase.shrink)
    @given(pair=pairs())
    def test(pair: Pair) -> None:
        check_misspelling_invariance(asked, pair)

    try:
        test()
    except MisspellingInvarianceViolation as violation:
        return violation
    return None


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=150)
    parser.add_argument("--model", default="reader")
    options = parser.parse_args()
    model = load_model(options.model)
    one_by_one(model, min(5, options.examples))  # warms up tables and torch
    drawn, failing, alone = one_by_one(model, options.examples)
    started = time.perf_counter()
    batch = ask_batch(Subject(model), list(drawn.values()))
    together = time.perf_counter() - started
    same = {pair.case.id for pair in batch.failures} == failing
    say(f"one by one: {len(drawn)} misspellings, {len(drawn) / alone:.1f} a second")
    say(f"batched:    {len(drawn)} misspellings, {len(drawn) / together:.1f} a second")
    say(f"ratio {alone / together:.2f} on the same pairs; same failures: {same} ({len(failing)})")
    _own_draws(model, options.examples, len(drawn) / alone)
    sizes = {(one.intended, one.text): size_of(one) for one in all_misspellings()}
    started = time.perf_counter()
    single = smallest_one_by_one(model, options.examples)
    say(
        f"Hypothesis shrinks to {single and single.written!r} in {time.perf_counter() - started:.1f} s"
    )
    started = time.perf_counter()
    try:
        assert_batched(model, list(drawn.values()))
    except MisspellingInvarianceViolation as found:
        say(f"batched shrinks to {found.written!r} in {time.perf_counter() - started:.1f} s")
        if single:
            ours, theirs = (sizes[one.intended, one.written] for one in (found, single))
            say(f"no larger than Hypothesis's: {ours <= theirs}")


def _own_draws(model: QAModel, examples: int, alone: float) -> None:
    """The batched way as it draws for itself: several misspellings of one question, its baseline asked once."""
    from robustness.properties import draw_pairs

    drawn = draw_pairs(examples, seed=1)
    started = time.perf_counter()
    ask_batch(Subject(model), drawn)
    speed = len(drawn) / (time.perf_counter() - started)
    say(f"batched, its own draws: {speed:.1f} a second, ratio {speed / alone:.2f}")


if __name__ == "__main__":
    main()
