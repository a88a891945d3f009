"""Time and memory of an audit against its size, with a planted model that answers at once.

Each size is a process of its own that plans, asks, stores, judges and writes all reports. The tables give
some 170,000 pairs with all channels; larger sizes ask them again over other leaflets (further seeds).
Processor time is printed beside wall time, as other work on the machine does not count in it; memory is the
peak of the process, less what it holds before it plans.

    python benchmarks/growth.py [--sizes 1000,10000,100000,1000000] [--model planted:robust]
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug
    from robustness.misspellings import Misspelling
    from robustness.questions import Case, Slot

_STEPS = ("plan", "audit", "reports")


class ManySeeds:
    """The embedded questions over leaflets of several seeds; a slot's row is its seed.

    Args:
        seeds: How many.
    """

    record: dict[str, Any] = {"kind": "leaflets"}  # noqa: RUF012
    skipped_rows: tuple[dict[str, Any], ...] = ()

    def __init__(self, seeds: int) -> None:
        from robustness.drugs import load_drugs, load_look_alikes
        from robustness.questions import LeafletSource, LeafletWriter

        writer = LeafletWriter(load_drugs(), load_look_alikes())
        self._sources = [LeafletSource(seed, writer) for seed in range(seeds)]

    def slots(self, drugs: Sequence[Drug] | None) -> list[Slot]:
        """The slots of every seed."""
        return [
            replace(slot, row=seed)
            for seed, source in enumerate(self._sources)
            for slot in source.slots(drugs)
        ]

    def case(self, slot: Slot, misspelling: Misspelling | None) -> Case:
        """The case of a slot, over the leaflet of its seed."""
        return self._sources[slot.row].case(slot, misspelling)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--model", default="planted:robust")
    options = parser.parse_args()
    table = Table("pairs", *(f"{step}, CPU s" for step in _STEPS), "wall s", "CPU µs a pair", "MB")
    context = multiprocessing.get_context("spawn")
    for size in map(int, options.sizes.split(",")):
        with context.Pool(1) as pool:
            found = pool.apply(measure, (size, options.model))
        steps = [found[step] for step in _STEPS]
        table.add_row(
            f"{found['pairs']:,}",
            *(f"{each:.1f}" for each in steps),
            f"{found['wall']:.1f}",
            f"{sum(steps) / found['pairs'] * 1e6:.0f}",
            f"{found['megabytes']:.0f}",
        )
    Console(width=110).print(table)


def measure(size: int, spec: str) -> dict[str, float]:
    """Plan and audit about so many pairs in this process.

    Returns:
        ``pairs``; processor seconds of each step; ``wall`` seconds; and ``megabytes`` above the start.
    """
    from robustness.answers.asking import Asking
    from robustness.answers.store import Store
    from robustness.audit import make_plan, run_audit
    from robustness.misspellings.candidates import channel_descriptions
    from robustness.models import load_model
    from robustness.reporting import write_reports

    model = load_model(spec)
    before, began, marks = _peak(), time.perf_counter(), [time.process_time()]
    source: Any = ManySeeds(1 + size // 170_000)
    plan = make_plan(
        None, seed=0, budget=size, channels=tuple(channel_descriptions()), source=source
    )
    marks.append(time.process_time())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store(folder / "audit.sqlite", model.fingerprint) as store:
            results = run_audit(plan, model, asking=Asking(store=store))
        marks.append(time.process_time())
        write_reports(results, folder)
        marks.append(time.process_time())
    seconds = [end - start for start, end in itertools.pairwise(marks)]
    return {
        "pairs": len(plan.pairs),
        **dict(zip(_STEPS, seconds, strict=True)),
        "wall": time.perf_counter() - began,
        "megabytes": _peak() - before,
    }


def _peak() -> float:
    """Largest resident size of this process so far, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
