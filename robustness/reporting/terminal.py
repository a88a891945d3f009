"""The table that an audit ends with on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.reporting.notes import notes
from robustness.reporting.wording import (
    SLICE_TITLES,
    gate_sentence,
    interval,
    rate_rows,
    rule_sentence,
    verdict_sentence,
)
from robustness.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

_SEVERITIES = ("critical", "major", "moderate", "minor", "none")


def print_summary(results: dict[str, Any], console: Console) -> None:
    """Print the rates and what they mean."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"Drug-name robustness of {escape(visible(results['model']['spec']))}")
    table.add_column("metric")
    table.add_column("share (95 % interval)")
    for row in rate_rows(results["rates"]["overall"]):
        table.add_row(*row)
    for name, values in sorted(results["rates"]["by"].items()):
        table.add_section()
        for value, rates in sorted(values.items()):
            label = f"Flip rate, {SLICE_TITLES.get(name, name).lower()} {escape(visible(value))}"
            table.add_row(label, interval(rates["flip_rate"]))
    console.print(table)
    severities = [row["severity"] for row in results["failures"]]
    counted = [f"{severities.count(s)} {s}" for s in _SEVERITIES if s in severities]
    console.print(verdict_sentence(results), soft_wrap=True)
    console.print(f"Changed answers: {', '.join(counted) or 'none'}.", soft_wrap=True)
    for note in notes(results):
        console.print(escape(visible(note)), soft_wrap=True)
    rejected = len(results["data"]["rejected_collisions"])
    console.print(f"Collisions rejected: {rejected}.", soft_wrap=True)
    for line in gate_lines(results):
        console.print(visible(line), soft_wrap=True, markup=False)


def gate_lines(results: dict[str, Any]) -> list[str]:
    """The gate's decision, and a line for each rule."""
    gate = results["gate"]
    if len(gate["rules"]) < 2:
        return [gate_sentence(results)]
    head = gate_sentence({"gate": gate}).partition(" (")[0]
    return [f"{head}:", *(f"  {rule_sentence(rule)}" for rule in gate["rules"])]
