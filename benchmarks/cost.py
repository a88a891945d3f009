"""What do audits of 10^4 to 10^8 pairs cost? Measure a few points, predict others, compare, and extrapolate.

python benchmarks/cost.py [--pairs 100,200,500] [--workers 1,2,4] [--price 2.5] [--token-price 0.5]

A planted model that pauses 20 ms a call stands for any model: its copies do not compete for this machine's
cores. Points: audits of several sizes in one process, and one on a local Ray with several numbers of
workers. The two smallest sizes in one process, after a first audit that loads libraries, give the rates; every
other point is predicted from them.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from robustness.answers.asking import Asking
from robustness.answers.engines.ray import RayEngine
from robustness.answers.engines.replicas import Recipe
from robustness.answers.events import BatchAnswered, Event
from robustness.audit import make_plan, run_audit
from robustness.audit.cost import Rates, predict, simulate, useful_workers
from robustness.drugs import load_drugs
from robustness.models import Prompt, load_model

MODEL = "planted:slow"
BATCH = 32
TOKENS = 200
"""Of a prompt and its answer, in the extrapolation; a leaflet of four drugs has about as many."""


def main() -> None:
    """Measure, compare and extrapolate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", default="100,200,500", help="sizes in one process")
    parser.add_argument("--workers", default="1,2,4", help="copies on a local Ray; empty for none")
    parser.add_argument("--price", type=float, default=2.5, help="of a worker's hour")
    parser.add_argument("--token-price", type=float, default=0.5, help="of a million tokens")
    options = parser.parse_args()
    sizes = [int(size) for size in options.pairs.split(",")]
    console = Console(highlight=False)
    point(20)
    measured = [point(size) for size in sizes]
    rates = fitted(sizes, measured)
    console.print(
        f"measured at {sizes[0]} and {sizes[1]} pairs: {1e3 * rates.seconds_per_call:.1f} ms a call, driver "
        f"{1e3 * rates.driver_seconds_per_pair:.2f} ms a pair and {rates.start_seconds:.2f} s, "
        f"{rates.questions} questions"
    )
    for size, (seconds, batches) in zip(sizes[2:], measured[2:], strict=True):
        calls = sum(len(batch) for batch, _ in batches)
        cost = predict(size, rates)
        console.print(
            f"{size} pairs, one process: {calls} calls, predicted {cost.calls}; {seconds:.1f} s, "
            f"predicted {cost.seconds:.1f} s ({seconds / cost.seconds - 1:+.0%})"
        )
    compare_workers(console, rates, [int(n) for n in options.workers.split(",") if n], sizes[-1])
    extrapolate(console, rates, options.price, options.token_price)


Batches = list[tuple[tuple[Prompt, ...], float]]


def point(pairs: int) -> tuple[float, Batches]:
    """Seconds of an audit in one process, and its batches with their seconds."""
    plan = make_plan(load_drugs(), seed=0, budget=pairs)
    batches: Batches = []

    def listen(event: Event) -> None:
        if isinstance(event, BatchAnswered):
            batches.append((event.prompts, event.seconds))

    began = time.perf_counter()
    run_audit(plan, load_model(MODEL), asking=Asking(listeners=(listen,)))
    return time.perf_counter() - began, batches


def fitted(sizes: list[int], measured: list[tuple[float, Batches]]) -> Rates:
    """The rates that the first two measured points give."""
    batches = [batch for _, some in measured[:2] for batch in some]
    calls = sum(len(prompts) for prompts, _ in batches)
    asking = sum(took for _, took in batches)
    first, second = (seconds - sum(took for _, took in some) for seconds, some in measured[:2])
    each = max(0.0, (second - first) / (sizes[1] - sizes[0]))
    everything = make_plan(load_drugs(), seed=0, budget=0)
    return Rates(
        seconds_per_call=asking / calls,
        tokens_per_call=TOKENS,
        driver_seconds_per_pair=each,
        start_seconds=max(0.0, first - each * sizes[0]),
        questions=len({pair.baseline.id for pair in everything.pairs}),
        calls_per_batch=BATCH,
    )


def compare_workers(console: Console, rates: Rates, workers: list[int], pairs: int) -> None:
    """Measured seconds of the batches alone on a local Ray, against paper and simulation."""
    plan = make_plan(load_drugs(), seed=0, budget=pairs)
    model = load_model(MODEL)
    os.environ.setdefault("RAY_worker_niceness", "0")  # 15 by default
    for count in workers:
        heard: list[tuple[float, BatchAnswered]] = []

        def listen(event: Event, heard: list[tuple[float, BatchAnswered]] = heard) -> None:
            if isinstance(event, BatchAnswered):
                heard.append((time.perf_counter(), event))

        with RayEngine(Recipe(MODEL), workers=count, address="local") as engine:
            run_audit(plan, model, asking=Asking(engine=engine, listeners=(listen,)))
        # from the first answer on: workers that are still loading at the start are no part of the rates
        took = heard[-1][0] - heard[0][0] + heard[0][1].seconds
        paper = predict(
            pairs, replace(rates, driver_seconds_per_pair=0.0, start_seconds=0.0), workers=count
        ).seconds
        drawn = simulate([event.seconds for _, event in heard], workers=count)
        console.print(
            f"{pairs} pairs, {count} workers on Ray: {took:.1f} s, on paper {paper:.1f} s, simulated "
            f"{drawn:.1f} s ({took / drawn - 1:+.0%})"
        )


def extrapolate(console: Console, rates: Rates, price: float, token_price: float) -> None:
    """Print what 10^4 to 10^8 pairs cost."""
    table = Table(
        title=f"{MODEL}, {TOKENS} tokens a call; {price} an hour, {token_price} a million tokens"
    )
    for title in ("pairs", "workers", "calls", "tokens", "hours", "with losses", "money"):
        table.add_column(title, justify="right")
    for pairs in (10**power for power in range(4, 9)):
        for workers in (1, 8, 64):
            cost = predict(
                pairs,
                rates,
                workers=workers,
                price_per_hour=price,
                price_per_million_tokens=token_price,
            )
            batches = (BATCH * rates.seconds_per_call for _ in range(cost.calls // BATCH))
            lossy = simulate(batches, workers=workers, hours_between_losses=24, restart_seconds=300)
            lossy += rates.start_seconds + pairs * rates.driver_seconds_per_pair
            cells = (f"{cost.seconds / 3600:.2f}", f"{lossy / 3600:.2f}", f"{cost.money:,.2f}")
            table.add_row(
                f"{pairs:,}", str(workers), f"{cost.calls:,}", f"{cost.tokens:.2g}", *cells
            )
    console.print(table)
    console.print(f"more than {useful_workers(rates):.0f} workers wait for the driver")


if __name__ == "__main__":
    main()
