"""``robustness cache``: the answers that all audits share."""

from __future__ import annotations

from typing import Annotated

import typer

from robustness.cli.app import app
from robustness.cli.printing import print_rows
from robustness.errors import EXIT_FAILED

group = typer.Typer(help="Look at, check or empty the answers that all audits share.")
app.add_typer(group, name="cache", epilog="Example: robustness cache info")
Folder = Annotated[
    str | None,
    typer.Option("--cache", help="Folder of the cache. Default: $ROBUSTNESS_CACHE, or the user's."),
]


@group.command(epilog="Example: robustness cache info")
def info(
    cache: Folder = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show where the cache is and what it holds, by model."""
    from robustness.answers.cache import cache_path, describe_cache

    path = cache_path(cache)
    rows = describe_cache(path) if path else []
    if not json:
        size = path.stat().st_size / 1e6 if path and path.exists() else 0.0
        typer.echo(f"{path or 'no cache'}, {size:.1f} MB")
    print_rows(rows, as_json=json)


@group.command(epilog="Example: robustness cache clear")
def clear(
    cache: Folder = None,
    model: Annotated[
        str | None, typer.Option(help="Fingerprint of the only model to forget.")
    ] = None,
) -> None:
    """Delete answers; audits keep their own."""
    from robustness.answers.cache import cache_path, clear_cache

    path = cache_path(cache)
    typer.echo(f"{clear_cache(path, model) if path else 0:,} answers deleted")


@group.command(epilog="Example: robustness cache verify")
def verify(cache: Folder = None) -> int:
    """Read the whole cache and say whether it is sound; exit code 1 if it is not."""
    from robustness.answers.cache import cache_path, verify_cache

    path = cache_path(cache)
    if path is None:
        typer.echo("no cache")
        return 0
    check = verify_cache(path)
    typer.echo(f"{path}: {check.answers:,} answers, {'sound' if not check.problems else 'damaged'}")
    for problem in check.problems:
        typer.echo(problem)
    return EXIT_FAILED if check.problems else 0
