"""Answers that were already given, in one SQLite file, so that nothing is asked twice or lost.

An answer is found again only for the same model fingerprint and prompt. Batches are written in
one transaction each. A file that is no such store is set aside under another name, never overwritten.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from robustness.audit.events import BatchAnswered, Event
from robustness.errors import OutputError
from robustness.models import Answer, Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

SCHEMA_VERSION = 2
# 1: table answers(model, prompt, text, score).
# 2: prompts are keyed by options and cut too; a score may be missing.
_SECOND = "#second"
_APPLICATION_ID = 0x4D51_4152  # "MQAR"
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    model TEXT NOT NULL, prompt BLOB NOT NULL, text TEXT NOT NULL, score REAL,
    PRIMARY KEY (model, prompt)
) WITHOUT ROWID
"""


class Store:
    """Answers of one model in a file; also a listener that writes what it hears.

    Args:
        path: The SQLite file; made when it is not there.
        model: Fingerprint of the model.

    Attributes:
        set_aside: Where a file that was no store was moved to, or None.
    """

    def __init__(self, path: Path, model: str) -> None:
        self._path, self._model = path, model
        self.set_aside = None if _is_store(path) else _move_away(path)
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            self._connection.execute(_TABLE)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def known(self, prompts: Sequence[Prompt]) -> list[Answer] | None:
        """The answers to a batch of prompts, or None when one of them is missing."""
        answers = []
        for prompt in prompts:
            row = self._connection.execute(
                "SELECT text, score FROM answers WHERE model = ? AND prompt = ?",
                (self._model, _digest(prompt)),
            ).fetchone()
            if row is None:
                return None
            answers.append(Answer(row[0], row[1]))
        return answers

    def repeats(self) -> Store:
        """The store of second answers to the same prompts, in the same file."""
        return Store(self._path, self._model + _SECOND)

    def forget(self) -> None:
        """Drop what this model answered before, second answers too."""
        for model in (self._model, self._model + _SECOND):
            self._connection.execute("DELETE FROM answers WHERE model = ?", (model,))

    def listen(self, event: Event) -> None:
        """Write the answers of a batch in one transaction.

        Raises:
            OutputError: The disk is full or the file cannot be written.
        """
        if not isinstance(event, BatchAnswered) or event.from_store:
            return
        rows = [
            (self._model, _digest(prompt), answer.text, answer.score)
            for prompt, answer in zip(event.prompts, event.answers, strict=True)
        ]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> OutputError:
        return OutputError(
            f"Cannot write answers ({error})",
            where=self._path,
            hint="Check that the folder is yours to write and has space, then run again.",
        )


def _digest(prompt: Prompt) -> bytes:
    return hashlib.sha256(prompt.key.encode()).digest()


def _is_store(path: Path) -> bool:
    """Whether a file is a store of this schema, or is not there yet."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            healthy = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.Error:
        return False
    return bool(healthy and application == _APPLICATION_ID and version == SCHEMA_VERSION)


def _move_away(path: Path) -> Path:
    number = 1
    while (target := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    path.rename(target)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return target
