"""The file of answers that all audits of a user share: where it is, what it holds, and whether it is whole.

Only models that run in this process from files use it: their fingerprints cover all that decides about an
answer. What stands behind an endpoint or a Python function can change without a trace.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.answers.store import Store, is_store, opened, store_key
from robustness.errors import InputError, OutputError
from robustness.models import capabilities

if TYPE_CHECKING:
    from robustness.models import QAModel

FILE_NAME = "answers.sqlite"
VARIABLE = "ROBUSTNESS_CACHE"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found wrong with a cache; nothing when all is well."""

    path: Path
    answers: int
    problems: tuple[str, ...]


def cache_path(given: str | None = None) -> Path | None:
    """The file of the cache.

    Args:
        given: A folder, or ``none`` for no cache. Default: ``$ROBUSTNESS_CACHE``, else the folder that the
            system has for caches of a user.

    Returns:
        The file, which need not be there; None for no cache.
    """
    chosen = given or os.environ.get(VARIABLE)
    if chosen == NONE:
        return None
    if chosen:
        return Path(chosen).expanduser() / FILE_NAME
    from platformdirs import user_cache_path

    return user_cache_path("medqa-robustness") / FILE_NAME


def open_cache(model: QAModel, given: str | None = None) -> Store | None:
    """The cache for a model's answers; None for models that do not use it, and where none is wanted.

    Raises:
        OutputError: It cannot be written.
    """
    path = cache_path(given) if capabilities(model).depends_on_batch else None
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot make the folder of the cache ({error.strerror})",
            where=path.parent,
            hint="Choose another one: --cache FOLDER, or none.",
        ) from error
    return Store(path, store_key(model), spec=model.spec, thorough=False)


def describe_cache(path: Path) -> list[dict[str, Any]]:
    """One row for each model that has answers in the cache: model, answers and last use.

    Raises:
        InputError: The file is no cache.
    """
    if not path.exists():
        return []
    with closing(_open(path)) as connection:
        rows = connection.execute(
            "SELECT spec, model, used, (SELECT count(*) FROM answers WHERE answers.model = models.model) "
            "FROM models ORDER BY used DESC, model"
        ).fetchall()
    return [
        {"model": spec, "fingerprint": model, "answers": answers, "last used (UTC)": used}
        for spec, model, used, answers in rows
    ]


def clear_cache(path: Path, fingerprint: str | None = None) -> int:
    """Delete answers of one model, or all of them; the file shrinks. Returns how many.

    Raises:
        InputError: The file is no cache.
    """
    if not path.exists():
        return 0
    with closing(_open(path)) as connection:
        if fingerprint is None:
            removed = connection.execute("DELETE FROM answers").rowcount
            connection.execute("DELETE FROM models")
        else:
            # a model's second answers and formats have keys that begin alike
            wanted = (fingerprint, len(fingerprint), fingerprint)
            where = "WHERE model = ? OR substr(model, 1, ?) = ?"
            removed = connection.execute(f"DELETE FROM answers {where}", wanted).rowcount  # noqa: S608
            connection.execute(f"DELETE FROM models {where}", wanted)  # noqa: S608
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
    return int(removed)


def verify_cache(path: Path) -> Check:
    """Read the whole cache and look for what cannot be.

    Raises:
        InputError: The file is no cache.
    """
    if not path.exists():
        return Check(path, 0, ())
    with closing(_open(path)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            problems = [one for one in found if one != "ok"]
            for text, question in _IMPOSSIBLE.items():
                number = connection.execute(
                    f"SELECT count(*) FROM answers WHERE {question}"  # noqa: S608
                ).fetchone()[0]
                problems += [f"{number} answers {text}"] if number else []
            answers = connection.execute("SELECT count(*) FROM answers").fetchone()[0]
        except sqlite3.DatabaseError as error:
            return Check(path, 0, (str(error),))
    return Check(path, int(answers), tuple(problems))


_IMPOSSIBLE = {
    "with a score that is no probability": "score NOT BETWEEN 0 AND 1",
    "at a malformed address": "typeof(prompt) != 'blob' OR length(prompt) != 32",
    "that are no text": "typeof(text) != 'text'",
    "of no known model": "model NOT IN (SELECT model FROM models)",
}


def _open(path: Path) -> sqlite3.Connection:
    if not is_store(path, thorough=False):
        raise InputError(
            "Not a cache of answers", where=path, hint="The next audit will set it aside."
        )
    try:
        return opened(path)
    except sqlite3.Error as error:
        raise InputError(f"The cache cannot be opened ({error})", where=path) from error
