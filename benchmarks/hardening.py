"""Before and after: what hardening and the guard buy, by the same audit, on drugs never trained on.

Audits the reader before and after hardening, each without and with the guard, on held-out drugs and their
observed misspellings; and a language model that chooses, without and with the guard. Prints the table of
docs/hardening.md; with --plot draws it too. Stopped, it goes on where it was.

    python benchmarks/hardening.py [--pairs 2000] [--gguf FILE] [--out reports/hardening] [--plot docs/hardening.svg]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import track

from robustness.audit import Store, embedded_source, make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.files import make_folder, write_text
from robustness.hardening.guard import Guard
from robustness.models import load_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.audit import Plan
    from robustness.models import QAModel

METRICS = {
    "baseline_accuracy": "right, correct name",
    "flip_rate": "changed",
    "wrong_drug": "another drug's",
    "critical": "critical",
    "retained_accuracy": "stayed right",
    "abstained": "asked back",
}
LABELS = {
    "reader-clean": "reader, clean",
    "reader": "reader, hardened",
    "guard:reader-clean": "reader, clean, guarded",
    "guard:reader": "reader, hardened and guarded",
}


def main() -> None:
    """Audit every variant and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--gguf", type=Path, help="a language model, asked to choose")
    parser.add_argument("--gguf-pairs", type=int, default=600)
    parser.add_argument("--out", type=Path, default=Path("reports/hardening"))
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    make_folder(options.out)
    rows = reader_rows(options.pairs, options.out)
    if options.gguf:
        rows |= language_rows(options.gguf, options.gguf_pairs, options.out)
    Console(width=200, highlight=False).print(table(rows), markup=False, soft_wrap=True)
    write_text(options.out / "rows.json", json.dumps(rows, indent=1, sort_keys=True) + "\n")
    if options.plot:
        write_text(options.plot, draw(rows))


def reader_rows(pairs: int, out: Path) -> dict[str, Any]:
    """Rates of the four variants of the reader."""
    clean = load_model("reader-clean")
    held_out = clean.held_out_drugs or frozenset()
    drugs = [drug for drug in load_drugs() if drug.name in held_out]
    plan = make_plan(drugs, seed=0, budget=pairs, channels=("observed",))
    hardened = load_model("reader")
    models: dict[str, QAModel] = {
        "reader-clean": clean,
        "reader": hardened,
        "guard:reader-clean": Guard(clean),
        "guard:reader": Guard(hardened),
    }
    return {
        LABELS[name]: audited(plan, model, out / f"{name.replace(':', '-')}.sqlite")
        for name, model in track(models.items(), "auditing", transient=True)
    }


def language_rows(file: Path, pairs: int, out: Path) -> dict[str, Any]:
    """Rates of a language model that chooses, without and with the guard."""
    model = load_model(f"gguf:{file}", task="choice")
    source = embedded_source(0, kind="choice")
    plan = make_plan(None, seed=0, budget=pairs, channels=("observed",), source=source)
    return {
        file.stem: audited(plan, model, out / "choice.sqlite"),
        f"{file.stem}, guarded": audited(plan, Guard(model), out / "guard-choice.sqlite"),
    }


def audited(plan: Plan, model: QAModel, store: Path) -> dict[str, Any]:
    """Rates of one audit, and the milliseconds that a question took."""
    with Store(store, model.fingerprint) as kept:
        results = run_audit(plan, model, store=kept)
    overall = results["rates"]["overall"]
    asked = results["timing"]["prompts_asked"]
    seconds = results["timing"]["model_seconds"]
    row = {metric: overall.get(metric) for metric in METRICS}
    return row | {
        "gate": results["gate"]["decision"],
        "accuracy_after": accuracy_after(results),
        "ms_per_question": round(1000 * seconds / asked, 2) if asked else None,
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
        cost = "from the store" if row["ms_per_question"] is None else f"{row['ms_per_question']}"
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
        figure = Figure(figsize=(7.5, 0.55 * len(names) + 1.4), layout="constrained")
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
