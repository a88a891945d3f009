"""The search beside exhaustive one-edit search, a random order and a greedy attack, in queries, not time.

Run: python benchmarks/search.py --drugs 100 --relations 1 --store answers.sqlite
     [--skip N] [--budget 50] [--seeds 3] [--bfloat16]

Every answer is kept in the store and shared by all orders, so that they differ in what they ask alone; a
run that was stopped goes on from there. What exhaustive search would find need not be asked in full: where
an order has broken an answer with one edit, so would it; only the other questions are asked through.
"""

from __future__ import annotations

import argparse
import random
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import torch

from robustness.answers.batches import Batch
from robustness.answers.events import BatchAnswered
from robustness.answers.store import Store
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.questions.loading import embedded_source
from robustness.search import Exhaustive, GreedyDrop, LearnedOrder, RandomOrder, search
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions import Slot, Source
    from robustness.search import Order, Question


class Remembered:
    """A model whose answers are kept, prompt by prompt."""

    spec, kind, held_out_drugs = "reader-clean", "extractive", None

    def __init__(self, model: QAModel, store: Store, *, bfloat16: bool) -> None:
        self._model, self._store, self._bfloat16 = model, store, bfloat16
        self._answers: dict[Prompt, Answer] = {}
        self.fingerprint, self.tokenizer_path = model.fingerprint, model.tokenizer_path

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The answers to a batch; only what is new is asked."""
        unseen = tuple(prompt for prompt in prompts if prompt not in self._answers)
        self._answers |= self._store.known(Batch(unseen))
        new = tuple(prompt for prompt in prompts if prompt not in self._answers)
        if new:
            halves = torch.autocast("cpu", torch.bfloat16) if self._bfloat16 else nullcontext()
            with halves:
                given = self._model.answer(new)
            self._store.listen(BatchAnswered(new, tuple(given), 0.0, from_store=False))
            self._answers |= zip(new, given, strict=True)
        return [self._answers[prompt] for prompt in prompts]


def chosen_slots(source: Source, *, skip: int, drugs: int, relations: int) -> list[Slot]:
    """Some questions about each of some drugs, drawn from the whole table."""
    table = list(load_drugs())
    random.Random("search").shuffle(table)
    slots = []
    for drug in table[skip : skip + drugs]:
        own = source.slots([drug])
        random.Random(f"relations/{drug.name}").shuffle(own)
        slots += own[:relations]
    return slots


def broken(questions: Sequence[Question]) -> set[int]:
    """The questions whose answer a single edit broke."""
    return {q.number for q in questions if q.found and q.found.misspelling.distance == 1}


def report(name: str, runs: list[list[Question]], breakable: set[int], whole: int) -> None:
    """Print a line about one order, means over its seeds."""
    count = len(runs)
    found = sum(len(broken(run)) for run in runs) / count
    queries = sum(q.queries for run in runs for q in run) / count
    first = [q.queries_to_break for run in runs for q in run if q.found]
    least = sum(
        q.found.misspelling.distance == 1
        for run in runs
        for q in run
        if q.found and q.number in breakable
    ) / max(sum(bool(q.found) and q.number in breakable for run in runs for q in run), 1)
    say(
        f"{name:<22} found {found / len(breakable):6.1%} of {len(breakable)}  queries {queries:9,.1f} "
        f"({queries / whole:6.1%} of exhaustive)  median {median(first):5.1f}  minimal {least:6.1%}"
    )


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def main(options: argparse.Namespace) -> None:
    """Search with every order and print what each found."""
    torch.set_num_threads(1)
    inner, source = load_model("reader-clean"), embedded_source(0)
    tokenizer = load_tokenizer("reader-clean")
    slots = chosen_slots(
        source, skip=options.skip, drugs=options.drugs, relations=options.relations
    )
    kind = "/bf16" if options.bfloat16 else ""
    with Store(Path(options.store), inner.fingerprint + kind) as store:
        model = Remembered(inner, store, bfloat16=options.bfloat16)

        def run(
            order: Order, budget: int, only: Sequence[Slot] = slots, **how: int
        ) -> list[Question]:
            return list(search(source, only, model, order, budget=budget, **how).questions)

        orders: dict[str, Callable[[int], Order]] = {
            "learned": lambda _: LearnedOrder(tokenizer),
            "most probable first": lambda _: Exhaustive(),
            "random": RandomOrder,
            "greedy (DeepWordBug)": GreedyDrop,
        }
        first = run(LearnedOrder(tokenizer), options.budget)
        breakable = broken(first)
        rest = [question for question in first if question.number not in breakable]
        say(f"{len(first)} questions, {len(breakable)} broken; asking {len(rest)} through")
        through = (
            run(Exhaustive(), 0, [q.slot for q in rest], refine=0, max_edits=1) if rest else []
        )
        breakable |= {q.number for q, all_ in zip(rest, through, strict=True) if all_.found}
        whole = sum(question.near.ones + 1 for question in first)
        say(
            f"{options.drugs} drugs, {len(slots)} questions, {len(breakable)} breakable by one edit; "
            f"exhaustive: {whole:,} queries; budget {options.budget} a question"
        )
        for name, order in orders.items():
            seeds = options.seeds if name.startswith(("random", "greedy")) else 1
            report(
                name, [run(order(seed), options.budget) for seed in range(seeds)], breakable, whole
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--drugs", type=int, default=100)
    parser.add_argument("--relations", type=int, default=1)
    parser.add_argument("--skip", type=int, default=100)
    parser.add_argument("--budget", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--store", default="answers.sqlite")
    parser.add_argument("--bfloat16", action="store_true")
    main(parser.parse_args())
