"""The command line: options in, exit codes out. Results go to stdout, everything else to stderr.

One module a command, each a thin layer over one room; importing it is what registers it. Heavy packages are imported inside the commands that need them, so that
``robustness --help`` stays quick.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated

import typer
from typer.exceptions import TyperException

from robustness.cli.app import app
from robustness.cli.printing import complain
from robustness.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_USAGE, RobustnessError
from robustness.version import __version__

__all__ = ["app", "main"]

COMMANDS = (
    "audit",
    "search",
    "compare",
    "report",
    "replay",
    "tokenizers",
    "misspell",
    "guard",
    "train",
    "cache",
    "list",
)
"""The modules of the commands, in the order of the help."""


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = (
            app(standalone_mode=False) if sys.argv[1:] else app(["--help"], standalone_mode=False)
        )
    except RobustnessError as error:
        complain(f"error: {error}")
        code = error.exit_code
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except TyperException as error:
        complain(f"error: {error.format_message()} Try: robustness --help")
        code = EXIT_USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("ROBUSTNESS_DEBUG"):
            raise
        complain(
            f"internal error: {type(error).__name__}: {error}. This is a defect of the tool; run again "
            "with ROBUSTNESS_DEBUG=1 for the trace and report it."
        )
        code = EXIT_INTERNAL
    if code == EXIT_INTERRUPTED:
        complain("interrupted: what was answered is kept; the same command goes on from there.")
    sys.exit(code)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


for _command in COMMANDS:
    import_module(f"robustness.cli.{_command}")
