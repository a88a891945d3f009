"""How far the gate can be trusted: coverage, false alarms, power, early stops, noise and comparison.

Simulated audits whose truth is known, and planted models. Prints a table for each claim of
docs/statistics.md; with --plots it writes that page's pictures too. Takes a few minutes.

    python benchmarks/gate.py [--plots docs] [--quick]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.simulated_audits import Stopped, stop_early
from benchmarks.simulated_gate import Coverage, Decided, coverage, decisions
from robustness.audit import Wanted, make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.gate import DEFAULT_RULES, Rule
from robustness.models.planted.flaky import FlakyModel
from robustness.models.planted.spelling import PlantedModel
from robustness.statistics import compare_paired, detectable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit import Plan
    from robustness.models import Answer, Prompt, QAModel

LIMIT = 0.05
CORRELATION = 0.1
SPARSE = 5
"""Fewer drugs than this with a failure: the interval is wider than it need be."""
TRUE_RATES = (0.01, 0.02, 0.03, 0.036, 0.04, 0.05, 0.06, 0.065, 0.07, 0.08, 0.1)
EARLY_RATES = (0.0, 0.01, 0.03, 0.04, 0.05, 0.06, 0.07, 0.1, 0.12, 0.15)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=Path, help="write the pictures into this folder")
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    options = parser.parse_args()
    share = 10 if options.quick else 1
    console, began = Console(width=110), time.perf_counter()
    cells = list(coverage(repetitions=4000 // share))
    console.print(coverage_table(cells))
    decided = [decisions(r, limit=LIMIT, repetitions=2000 // share) for r in TRUE_RATES]
    console.print(power_table(decided))
    plan = make_plan(load_drugs(), seed=0, budget=2500)
    stopped = [
        stop_early(plan, [Rule("flip_rate", LIMIT)], rate=rate, correlation=CORRELATION, seed=seed)
        for rate in EARLY_RATES
        for seed in range(20 // share)
    ]
    console.print(early_table(stopped))
    console.print(flaky_sentence(50 // share))
    console.print(comparison_sentence(20 // share))
    console.print(f"{time.perf_counter() - began:.0f} seconds")
    if options.plots:
        draw_coverage(cells, options.plots / "gate-coverage.svg")
        draw_decisions(decided, options.plots / "gate-decisions.svg")
        draw_early(stopped, options.plots / "gate-early.svg")


def coverage_table(cells: Sequence[Coverage]) -> Table:
    """Lowest, middle and highest coverage, apart for cells with enough drugs that fail."""
    table = Table(title=f"Coverage of the 95 % interval, {len(cells)} cells")
    for column in ("cells", "number", "lowest", "median", "highest", "within 93 to 97 %"):
        table.add_column(column, justify="right")
    enough = [cell for cell in cells if cell.drugs_failing >= SPARSE]
    sparse = [cell for cell in cells if cell.drugs_failing < SPARSE]
    for name, group in ((f"{SPARSE} or more drugs fail", enough), ("fewer drugs fail", sparse)):
        found = sorted(cell.covered for cell in group)
        inside = sum(0.93 <= one <= 0.97 for one in found)
        shown = (found[0], found[len(found) // 2], found[-1])
        table.add_row(name, str(len(found)), *(f"{s:.1%}" for s in shown), str(inside))
    return table


def power_table(decided: Sequence[Decided]) -> Table:
    """Decisions by true rate, and what was predicted."""
    ends = detectable(LIMIT, n=2500, clusters=500, correlation=CORRELATION)
    predicted = " and ".join(f"{end:.1%}" for end in ends if end is not None)
    table = Table(
        title=f"Rule: flip rate at most {LIMIT:.0%}; 2,500 pairs, 500 drugs. Predicted for a power of "
        f"80 %: {predicted}"
    )
    for column in ("true rate", "pass", "inconclusive", "fail", "any of 3 rules fails (Holm)"):
        table.add_column(column, justify="right")
    for one in decided:
        unclear = 1 - one.passed - one.failed
        shares = (one.rate, one.passed, unclear, one.failed, one.any_failed)
        table.add_row(*(f"{share:.1%}" for share in shares))
    return table


def early_table(stopped: Sequence[Stopped]) -> Table:
    """Agreement and share of pairs asked by true rate."""
    table = Table(title=f"--budget auto against the whole audit, {len(stopped)} audits")
    for column in ("true rate", "same decision", "pairs asked", "decisions of the whole audit"):
        table.add_column(column, justify="right")
    for rate in [*sorted({one.rate for one in stopped}), None]:
        group = [one for one in stopped if rate in (None, one.rate)]
        agree = sum(one.early == one.full for one in group) / len(group)
        asked = sum(one.asked for one in group) / len(group)
        counted = Counter(one.full.value for one in group)
        words = ", ".join(f"{n} {name}" for name, n in sorted(counted.items()))
        label = "all" if rate is None else f"{rate:.0%}"
        table.add_row(label, f"{agree:.1%}", f"{asked:.1%}", words)
    return table


def flaky_sentence(runs: int) -> str:
    """What the gate says of a model that answers one question in ten at random, run after run."""
    plan = make_plan(load_drugs(), seed=0, budget=300)
    found: Counter[str] = Counter()
    raw: Counter[str] = Counter()
    for seed in range(runs):
        model = FlakyModel(random=Random(seed))
        for repeats, counted in ((100, found), (0, raw)):
            results = run_audit(plan, model, rules=DEFAULT_RULES, wanted=Wanted(repeats=repeats))
            counted[results["gate"]["decision"]] += 1
    return f"Flaky model, {runs} runs: {dict(found)}; without a noise floor: {dict(raw)}"


class Regressed(PlantedModel):
    """Robust, but for a share of the misspelled questions that it answers with another drug's value."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer each prompt."""
        answers = PlantedModel("robust").answer(prompts)
        fragile = PlantedModel("fragile").answer(prompts)
        broken = [Random(prompt.key).random() < 0.0495 for prompt in prompts]
        both = zip(answers, fragile, broken, strict=True)
        return [weak if breaks else strong for strong, weak, breaks in both]


def comparison_sentence(repeats: int) -> str:
    """A planted regression of about 3 points, and repeats of one flaky model, over 2,000 pairs."""
    plan = make_plan(load_drugs(), seed=0, budget=2000)
    drugs = [pair.drug.name for pair in plan.pairs]
    found = compare_paired(
        failing(plan, PlantedModel("robust")), failing(plan, Regressed("regressed")), drugs
    )
    flaky = FlakyModel(random=Random(0))
    first, alarms = failing(plan, flaky), 0
    for _ in range(repeats):
        again = compare_paired(first, failing(plan, flaky), drugs)
        alarms += again is not None and again.low > 0 and again.p_value <= 0.05
    seen = "nothing" if found is None else f"{found.difference:.1%}, p = {found.p_value:.1g}"
    return (
        f"Planted regression over 2,000 pairs: {seen}; {alarms} of {repeats} repeats are called one"
    )


def failing(plan: Plan, model: QAModel) -> list[bool]:
    """Whether each pair of a plan fails."""
    rows = run_audit(plan, model)["pairs"]
    return [row["verdict"] not in ("consistent", "recovered") for row in rows]


def draw_coverage(cells: Sequence[Coverage], path: Path) -> None:
    """Coverage against how many drugs fail."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.axhspan(93, 97, color="C2", alpha=0.15, label="93 to 97 %")
    for correlation in sorted({cell.correlation for cell in cells}):
        group = [cell for cell in cells if cell.correlation == correlation]
        axes.plot(
            [cell.drugs_failing for cell in group],
            [cell.covered * 100 for cell in group],
            "o",
            markersize=4,
            label=f"correlation within a drug {correlation:g}",
        )
    axes.axvline(SPARSE, color="grey", linewidth=1, linestyle="--")
    axes.set(xscale="log", ylim=(90, 100.3))
    axes.set_xlabel("drugs with a failure, on average")
    axes.set_ylabel("95 % intervals that hold the truth (%)")
    axes.legend(fontsize=8)
    save(figure, path)


def draw_decisions(decided: Sequence[Decided], path: Path) -> None:
    """What is decided at each true rate."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    rates = [one.rate * 100 for one in decided]
    parts = (
        [one.passed * 100 for one in decided],
        [(1 - one.passed - one.failed) * 100 for one in decided],
        [one.failed * 100 for one in decided],
    )
    names = ("pass", "inconclusive", "fail")
    axes.stackplot(rates, *parts, labels=names, colors=("#7fbf7b", "#dddddd", "#d98880"))
    axes.axvline(LIMIT * 100, color="black", linewidth=1)
    for end in detectable(LIMIT, n=2500, clusters=500, correlation=CORRELATION):
        if end is not None:
            axes.axvline(end * 100, color="black", linewidth=1, linestyle=":")
    axes.set(xlim=(rates[0], rates[-1]), ylim=(0, 100))
    axes.set_xlabel("true flip rate (%); the threshold is the solid line")
    axes.set_ylabel("audits (%)")
    axes.legend(loc="center right", fontsize=8)
    save(figure, path)


def draw_early(stopped: Sequence[Stopped], path: Path) -> None:
    """Pairs that an early decision takes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    colours = {"pass": "#1b7837", "inconclusive": "grey", "fail": "#b03a2e"}
    for decision, colour in colours.items():
        group = [one for one in stopped if one.early == decision]
        axes.plot(
            [one.rate * 100 for one in group],
            [one.asked * 100 for one in group],
            "o",
            color=colour,
            alpha=0.5,
            label=decision,
        )
    axes.axvline(LIMIT * 100, color="black", linewidth=1)
    axes.axhline(25, color="grey", linewidth=1, linestyle=":")
    axes.set(ylim=(0, 104))
    axes.set_xlabel("true flip rate (%); the threshold is the solid line")
    axes.set_ylabel("pairs asked (%)")
    axes.legend(fontsize=8)
    save(figure, path)


def save(figure: object, path: Path) -> None:
    """Write a picture that is the same for the same numbers."""
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
