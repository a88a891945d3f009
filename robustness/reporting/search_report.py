"""The table that a search ends with on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.visible import visible

if TYPE_CHECKING:
    from rich.console import Console


def print_search(results: dict[str, Any], console: Console) -> None:
    """Print a line a question, and what the search comes to."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(visible(f"Smallest misspellings that change {results['model']['spec']}"))
    )
    columns = (
        "drug",
        "question",
        "misspelling",
        "edits",
        "probability",
        "became",
        "queries",
        "case",
    )
    for column in columns:
        table.add_column(column, justify="right" if column in ("edits", "queries") else "left")
    for one in results["questions"]:
        table.add_row(*(Text(visible(cell)) for cell in _cells(one)))
    console.print(table)
    for line in search_lines(results):
        console.print(visible(line), soft_wrap=True, markup=False)


def search_lines(results: dict[str, Any]) -> list[str]:
    """What a search comes to, in sentences."""
    counts = results["counts"]
    broken = [one for one in results["questions"] if one["status"] == "broken"]
    lines = [
        f"Answers changed in {counts['broken']:,} of {counts['questions']:,} questions; "
        f"{counts['held']:,} held under every single edit, {counts['open']:,} are open"
        + (f", {counts['errors']:,} could not be asked" if counts["errors"] else "")
        + f". Queries: {counts['queries']:,}."
    ]
    if broken:
        first = sorted(one["queries_to_break"] for one in broken)
        minimal, probable = (
            sum(one[key] == "proven" for one in broken) for key in ("minimal", "most_probable")
        )
        lines += [
            f"Proven: no smaller edit breaks it, {minimal:,} of {len(broken):,}; none of its size is more "
            f"probable, {probable:,}. Median queries to the first break: {first[len(first) // 2]}.",
            "Ask one again: robustness replay CASE --audit FOLDER",
        ]
    return lines


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    name = one["drug"] if one["name"] == one["drug"] else f"{one['drug']} ({one['name']})"
    if one["status"] != "broken":
        return (name, one["question"], f"({one['status']})", "", "", "", str(one["queries"]), "")
    became = one["answered_for"] or one["verdict"].replace("_", " ")
    least = str(one["distance"]) + ("" if one["minimal"] == "proven" else "?")
    probability = "" if one["probability"] is None else f"{one['probability']:.2g}"
    return (
        name,
        one["question"],
        one["misspelling"],
        least,
        probability + ("" if one["most_probable"] == "proven" else "?"),
        became,
        str(one["queries"]),
        one["case_id"],
    )
