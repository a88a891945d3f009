"""A comparison of tokenizers as a table on the terminal, as Markdown, and as an HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from robustness.reporting import wording
from robustness.reporting.tokenizers import tokenizer_plots
from robustness.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = (
    "tokenizer",
    "family",
    "vocabulary",
    "pieces a name",
    "pieces a misspelling",
    "stability (95 % interval)",
    "first piece kept",
    "names of one piece",
    "same ids",
)


def comparison_rows(comparison: dict[str, Any]) -> list[tuple[str, ...]]:
    """The cells of `COLUMNS` for each tokenizer, the most stable first."""
    return [
        (
            visible(one["name"]),
            one["family"],
            f"{one['vocabulary']:,}",
            f"{one['fertility_correct']:.2f}",
            f"{one['fertility_misspelled']:.2f}",
            stability(one["stability"]),
            wording.percent(one["first_piece_kept"]),
            f"{one['single_piece_count']} of {comparison['names']}",
            wording.percent(one["same_ids"]),
        )
        for one in comparison["tokenizers"]
    ]


def stability(mean: dict[str, Any]) -> str:
    """A saved mean with its interval.

    >>> stability({"estimate": 0.5, "low": 0.4, "high": 0.6, "n": 9, "clusters": 3})
    '0.50 (0.40 to 0.60)'
    """
    return f"{mean['estimate']:.2f} ({mean['low']:.2f} to {mean['high']:.2f})"


def print_comparison(comparison: dict[str, Any], console: Console) -> None:
    """Print the ranking and what its columns mean."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"Tokenizers on drug names: {_extent(comparison)}")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in COLUMNS[:2] else "right")
    for row in comparison_rows(comparison):
        table.add_row(*map(Text, row))
    console.print(table)
    console.print(_LEGEND, soft_wrap=True)


def markdown_table(comparison: dict[str, Any]) -> str:
    """The ranking as a Markdown table."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *comparison_rows(comparison)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tokenizer_page(comparison: dict[str, Any]) -> str:
    """The comparison as an HTML page: one file, no script, no network. The same numbers give the same bytes."""
    environment = Environment(
        loader=PackageLoader("robustness.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": wording.percent, "stability": stability}
    plots = {
        "fertility": tokenizer_plots.fertility(comparison),
        "stability": tokenizer_plots.stability_by_edits(comparison),
        "heat": tokenizer_plots.heat_map(comparison),
    }
    return environment.get_template("tokenizers.html.j2").render(
        comparison=comparison,
        columns=COLUMNS,
        rows=comparison_rows(comparison),
        extent=_extent(comparison),
        legend=_LEGEND,
        channels=tokenizer_plots.values_of(comparison, "channel"),
        edits=tokenizer_plots.values_of(comparison, "edits"),
        plots={name: Markup(svg) for name, svg in plots.items()},  # noqa: S704 - made by matplotlib
    )


_LEGEND = (
    "Stability: mean Jaccard index of the pieces of a name and of its misspelling, 1 all kept, 0 none. "
    "Same ids: misspellings that a model cannot see. This describes cuts; it does not show that a cut "
    "makes a model fail: robustness audit tests that with a control."
)


def _extent(comparison: dict[str, Any]) -> str:
    return f"{comparison['misspellings']:,} misspellings of {len(comparison['drugs'])} drugs"
