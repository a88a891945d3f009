"""Choosing by likelihood: prefixes and caches shared, next to a full forward pass for every option.

Both score the same options of the same closed-book cases with the same model, after the question and after
the uninformative prompt; a pair of texts that repeats is scored once by either. Ours takes batches of 32
prompts, as an audit does. Loading is not counted. The differences printed are of log-likelihoods.

    python benchmarks/choice.py MODEL [--prompts 64] [--rounds 1]

MODEL is a specification such as gguf:FILE, or a folder.
"""

from __future__ import annotations

import argparse
import time
from itertools import chain
from typing import TYPE_CHECKING

from rich.console import Console

from robustness.answers.batches import UNSIZED_PROMPTS as BATCH_SIZE
from robustness.audit import make_plan
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.models import load_model
from robustness.models.language.causal import LanguageModelAnswers
from robustness.models.language.choice import option_rows
from robustness.models.language.likelihood import plain_scores, scores
from robustness.questions.loading import embedded_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.models.language.language_model import LanguageModel
    from robustness.models.language.likelihood import Row


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a language model, for example gguf:FILE")
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1, help="the best of these counts")
    options = parser.parse_args()
    model = load_model(options.model, task="choice")
    if not isinstance(model, LanguageModelAnswers):
        raise InputError("Not a language model", value=options.model)
    batches = cases(model.language, options.prompts)
    scores(model.language, batches[0][:4])  # the first pass of a process is slow
    console = Console(highlight=False)
    rows = sum(map(len, batches))
    console.print(f"{options.prompts} prompts, {rows} options to score")
    ours, found = measured(
        lambda: [scores(model.language, rows) for rows in batches], options.rounds
    )
    plain, expected = measured(
        lambda: [plain_scores(model.language, rows) for rows in batches], options.rounds
    )
    pairs = zip(chain(*found), chain(*expected), strict=True)
    console.print(f"shared prefixes: {ours:.1f} s, {rows / ours:.1f} options a second")
    console.print(f"a full forward pass each: {plain:.1f} s, {rows / plain:.1f} options a second")
    console.print(f"largest difference: {max(abs(a - b) for a, b in pairs):.1e}")
    console.print(f"ratio: {plain / ours:.1f}")


def cases(language: LanguageModel, prompts: int) -> list[list[Row]]:
    """What has to be scored for each batch of prompts, without repetitions."""
    source = embedded_source(0, kind="choice")
    plan = make_plan(load_drugs(), seed=0, budget=prompts // 2, source=source)
    asked = sorted(
        (case.prompt for pair in plan.pairs for case in (pair.baseline, pair.case)),
        key=lambda prompt: (len(prompt.question), prompt.key),
    )
    return [
        list(
            dict.fromkeys(
                row
                for prompt in asked[first : first + BATCH_SIZE]
                for pair in option_rows(language, prompt)
                for row in pair
            )
        )
        for first in range(0, len(asked), BATCH_SIZE)
    ]


def measured(
    score: Callable[[], list[list[float]]], rounds: int
) -> tuple[float, list[list[float]]]:
    """Seconds of the best round, and what it found."""
    best, found = float("inf"), []
    for _ in range(rounds):
        started = time.perf_counter()
        found = score()
        best = min(best, time.perf_counter() - started)
    return best, found


if __name__ == "__main__":
    main()
