"""Before and after: what hardening and the guard buy, by the same audit, on drugs never trained on.

Audits the reader before and after hardening, each without and with the guard, on held-out drugs and their
observed misspellings; and a language model that chooses, without and with the guard, over all drugs and, where
an adapter for it is given, before and after hardening on held-out ones. Prints the table of docs/hardening.md;
with --plot draws it too. Stopped, it goes on where it was.

    python benchmarks/hardening.py [--pairs 2000] [--gguf FILE [--gguf-adapter DIR]] [--plot docs/hardening.svg]
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress

from robustness.answers.asking import answer_prompts
from robustness.answers.events import BatchAnswered
from robustness.answers.store import Store
from robustness.audit import Wanted, make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.files import make_folder, write_text
from robustness.gate import DEFAULT_RULES
from robustness.guard import Guard
from robustness.models import load_model
from robustness.properties import Remembering
from robustness.questions.loading import embedded_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.answers.events import Event, Listener
    from robustness.audit import Plan
    from robustness.drugs import Drug
    from robustness.models import QAModel

METRICS = {
    "baseline_accuracy": "right, correct name",
    "flip_rate": "changed",
    "wrong_drug": "another drug's",
    "critical": "critical",
    "retained_accuracy": "stayed right",
    "abstained": "asked back",
}


def main() -> None:
    """Audit every variant and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--gguf", type=Path, help="a language model, asked to choose")
    parser.add_argument("--gguf-pairs", type=int, default=600)
    parser.add_argument("--gguf-adapter", type=Path, help="its hardening, by robustness train")
    parser.add_argument("--gguf-held-out-pairs", type=int, default=300)
    parser.add_argument("--out", type=Path, default=Path("reports/hardening"))
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    make_folder(options.out)
    rows = reader_rows(options.pairs, options.out)
    if options.gguf:
        rows |= language_rows(options.gguf, options.gguf_pairs, options.out)
        if options.gguf_adapter:
            rows |= hardened_language_rows(
                options.gguf, options.gguf_adapter, options.gguf_held_out_pairs, options.out
            )
    Console(width=200, highlight=False).print(table(rows), markup=False, soft_wrap=True)
    write_text(options.out / "rows.json", json.dumps(rows, indent=1, sort_keys=True) + "\n")
    if options.plot:
        write_text(options.plot, draw(rows))


def held_out_drugs() -> list[Drug]:
    """The drugs that no training has seen; every training holds the same ones out."""
    held_out = load_model("reader-clean").held_out_drugs or frozenset()
    return [drug for drug in load_drugs() if drug.name in held_out]


def reader_rows(pairs: int, out: Path) -> dict[str, Any]:
    """Rates of the reader before and after hardening, each without and with the guard."""
    clean = load_model("reader-clean")
    plan = make_plan(held_out_drugs(), seed=0, budget=pairs, channels=("observed",))
    rows = without_and_with_guard(plan, clean, out, "reader, clean")
    return rows | without_and_with_guard(plan, load_model("reader"), out, "reader, hardened")


def language_rows(file: Path, pairs: int, out: Path) -> dict[str, Any]:
    """Rates of a language model that chooses, without and with the guard."""
    model = load_model(f"gguf:{file}", task="choice")
    source = embedded_source(0, kind="choice")
    plan = make_plan(None, seed=0, budget=pairs, channels=("observed",), source=source)
    return without_and_with_guard(plan, model, out, file.stem)


def hardened_language_rows(file: Path, adapter: Path, pairs: int, out: Path) -> dict[str, Any]:
    """Rates of the same model on held-out drugs before and after hardening, without and with the guard."""
    source = embedded_source(0, kind="choice")
    plan = make_plan(held_out_drugs(), seed=0, budget=pairs, channels=("observed",), source=source)
    rows: dict[str, Any] = {}
    for name, folder in (("held-out drugs", None), ("held-out drugs, hardened", adapter)):
        model = load_model(f"gguf:{file}", task="choice", adapter=folder)
        rows |= without_and_with_guard(plan, model, out, f"{file.stem}, {name}")
    return rows


def without_and_with_guard(plan: Plan, model: QAModel, out: Path, name: str) -> dict[str, Any]:
    """Rates of one model by itself and behind the guard; no question is asked twice."""
    cases = [case for pair in plan.pairs for case in (pair.baseline, pair.case)]
    clock = Clock(len({case.prompt for case in cases}))
    with Store(out / f"{name}.sqlite", model.fingerprint) as store, clock.bar:
        answers = answer_prompts(
            model, [case.prompt for case in cases], store, both(store.listen, clock)
        )
    memory = Remembering(model, answers)
    memory.capabilities = replace(
        memory.capabilities, honours_cut=False
    )  # other cuts of the name are not asked about here
    guard = Guard(memory)
    started = time.process_time()
    for case in cases:
        guard.text(case.question, context=case.leaflet.text, options=case.options)
    guarding = 1000 * (time.process_time() - started) / len(cases)
    return {
        name: audited(plan, memory) | {"ms": clock.ms},
        f"{name}, guarded": audited(plan, guard) | {"ms": clock.ms and clock.ms + guarding},
    }


class Clock:
    """Adds up what batches took, and shows how many prompts have their answers."""

    def __init__(self, prompts: int) -> None:
        self.bar = Progress(transient=True)
        self._task = self.bar.add_task("asking", total=prompts)
        self._seconds, self._asked = 0.0, 0

    def __call__(self, event: Event) -> None:
        """Hear of a batch."""
        if isinstance(event, BatchAnswered):
            self.bar.advance(self._task, len(event.prompts))
            if not event.from_store:
                self._seconds += event.seconds
                self._asked += len(event.prompts)

    @property
    def ms(self) -> float | None:
        """Milliseconds that an answer took; None where all came from the store."""
        return 1000 * self._seconds / self._asked if self._asked else None


def both(first: Listener, second: Listener) -> Listener:
    """One listener that passes every event on to two."""

    def listen(event: Event) -> None:
        first(event)
        second(event)

    return listen


def audited(plan: Plan, model: QAModel) -> dict[str, Any]:
    """Rates of one audit."""
    results = run_audit(plan, model, rules=DEFAULT_RULES, wanted=Wanted(extras=False))
    overall = results["rates"]["overall"]
    return {metric: overall.get(metric) for metric in METRICS} | {
        "gate": results["gate"]["decision"],
        "accuracy_after": accuracy_after(results),
        "pairs": len(results["pairs"]),
    }


def accuracy_after(results: dict[str, Any]) -> float:
    """Share of right answers to misspelled questions."""
    pairs = results["pairs"]
    return sum(pair["right"] == "yes" for pair in pairs) / len(pairs)


def table(rows: dict[str, Any]) -> str:
    """The rates with their intervals, in Markdown."""
    lines = [
        "| model | "
        + " | ".join(METRICS.values())
        + " | right, misspelled | gate | ms a question |",
        "|" + "---|" * (len(METRICS) + 4),
    ]
    for name, row in rows.items():
        cells = [_cell(row[metric]) for metric in METRICS]
        cost = "not measured" if row["ms"] is None else f"{row['ms']:.1f}"
        lines.append(
            f"| {name} | {' | '.join(cells)} | {row['accuracy_after']:.1%} | {row['gate']} | {cost} |"
        )
    return "\n".join(lines)


def _cell(rate: dict[str, Any] | None) -> str:
    if rate is None:
        return "none"
    return f"{rate['estimate']:.1%} ({rate['low']:.1%} to {rate['high']:.1%})"


def draw(rows: dict[str, Any]) -> str:
    """Changed answers and those that became another drug's, by model, with intervals, as SVG."""
    import io

    from matplotlib import rc_context
    from matplotlib.figure import Figure

    names = list(rows)
    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9.5, 0.5 * len(names) + 1.2), layout="constrained")
        axes = figure.subplots()
        series = (("flip_rate", "#08519c", "o", 0.12), ("wrong_drug", "#a63603", "s", -0.12))
        for metric, colour, marker, shift in series:
            axes.errorbar(
                [100 * rows[name][metric]["estimate"] for name in names],
                [len(names) - 1 - i + shift for i in range(len(names))],
                xerr=_errors([rows[name][metric] for name in names]),
                fmt=marker,
                color=colour,
                capsize=3,
                label=METRICS[metric],
            )
        axes.set_yticks(range(len(names)), names[::-1])
        axes.set(xlabel="answers to misspelled questions (%)", xlim=(0, None))
        axes.grid(axis="x", color="#e0e0e0")
        axes.legend(frameon=False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _errors(rates: Sequence[dict[str, float]]) -> list[list[float]]:
    return [
        [100 * (rate["estimate"] - rate["low"]) for rate in rates],
        [100 * (rate["high"] - rate["estimate"]) for rate in rates],
    ]


if __name__ == "__main__":
    main()
