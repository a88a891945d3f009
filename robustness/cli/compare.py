"""``robustness compare``: is an audit worse than another one?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from robustness.cli.app import app
from robustness.cli.printing import print_json, stdout
from robustness.errors import EXIT_FAILED, EXIT_PASSED
from robustness.visible import visible

_MOST_SHOWN = 20


@app.command(epilog="Example: robustness compare reports/before reports/after")
def compare(
    baseline: Annotated[Path, typer.Argument(help="Folder or audit.json to compare with.")],
    current: Annotated[Path, typer.Argument(help="Folder or audit.json that may be worse.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> int:
    """Compare two audits pair by pair. Exit code 1 on a significant regression, and then only."""
    from robustness.results.comparison import compare_audits

    found = compare_audits(baseline, current)
    if as_json:
        print_json(found)
    else:
        _show(found)
    return EXIT_FAILED if found["decision"] == "regression" else EXIT_PASSED


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    console, matched = stdout(), found["matched"]
    table = Table(title="Failing pairs, baseline against current")
    for column in ("pairs", "n", "new", "fixed", "difference (95 % interval)", "p", ""):
        table.add_column(column)
    rows = [found["overall"] | {"decision": found["decision"]}, *found["slices"]]
    for row in rows:
        name = f"{row['slice']}: {row['value']}" if "slice" in row else "all"
        counts = [f"{row[key]:,}" for key in ("n", "appeared", "vanished")]
        p_value = f"{row.get('p_adjusted', row['p_value']):.2g}"
        table.add_row(*map(Text, (visible(name), *counts, _interval(row), p_value, _mark(row))))
    console.print(table)
    console.print("p: McNemar's exact test; those of slices adjusted by Holm's method.")
    for title, cases in (("New failures", found["new_failures"]), ("Fixed", found["fixed"])):
        console.print(f"{title}: {len(cases):,}", markup=False)
        for case in cases[:_MOST_SHOWN]:
            line = f"  {case['case_id']}  {case['drug']} written {case['misspelling']}"
            told = f"{line}: {case['verdict']} ({case['severity']})"
            console.print(Text(visible(told)), soft_wrap=True)
        if len(cases) > _MOST_SHOWN:
            console.print(f"  and {len(cases) - _MOST_SHOWN:,} more (--json shows all)")
    console.print(
        f"Pairs in both: {matched['pairs']:,}; in the baseline alone: {matched['only_baseline']:,}; in "
        f"the current alone: {matched['only_current']:,}; without a verdict: {matched['not_judged']:,}.",
        soft_wrap=True,
    )
    for sentence in found["differences"]:
        console.print(Text(visible(sentence)), soft_wrap=True)
    console.print(Text(visible(_conclusion(found))), soft_wrap=True)


def _interval(row: dict[str, Any]) -> str:
    shares = (row["difference"], row["low"], row["high"])
    middle, low, high = (f"{share * 100:+.1f}" for share in shares)
    return f"{middle} points ({low} to {high})"


def _mark(row: dict[str, Any]) -> str:
    return "" if row["decision"] == "no difference" else str(row["decision"])


def _conclusion(found: dict[str, Any]) -> str:
    worse = [
        f"{row['slice']} {row['value']}"
        for row in found["slices"]
        if row["decision"] == "regression"
    ]
    where = f" Significantly worse slices: {', '.join(worse)}." if worse else ""
    if found["decision"] == "no difference":
        return f"No significant difference.{where}"
    return f"A significant {found['decision']}: {_interval(found['overall'])}.{where}"
