"""Where the command line prints: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import typer

from robustness.visible import visible

if TYPE_CHECKING:
    from rich.console import Console


_UNPRINTABLE = re.compile(r"[^ -~]+")
_LONGEST_MESSAGE = 1000


def print_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows of the same keys as a table, or as JSON."""
    if as_json:
        print_json(rows)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column in rows[0] if rows else ():
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in row.values()))
    stdout().print(table)


def stdout() -> Console:
    """Where results go."""
    return _console(stderr=False)


def stderr() -> Console:
    """Where everything else goes."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = 120
    return console


def say(text: str) -> None:
    """Print a text that may hold anything: no terminal escape gets through, and it stays one line."""
    typer.echo(visible(text))


def print_json(value: Any) -> None:
    """Print JSON whose strings hold no terminal escape: what cannot be printed is written as a code point."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    typer.echo("\n".join(_UNPRINTABLE.sub(_as_escape, line) for line in text.split("\n")))


def complain(message: str) -> None:
    """Say what is wrong, in one line that is not endless."""
    typer.echo(visible(message.replace("\n", " "), longest=_LONGEST_MESSAGE), err=True)


def _as_escape(found: re.Match[str]) -> str:
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in found.group())
