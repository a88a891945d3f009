"""The application that every command of the command line hangs on."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="robustness",
    help="Find out what misspelled drug names do to a model that answers medical questions. "
    "A test tool and no medical device.",
    epilog="Example: robustness audit --model reader --drugs metformin,warfarin",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
