"""Answers that were already given, in SQLite files, so that nothing is asked twice or lost.

Each audit has a file of its own. Beside it there may be one that all audits of a user share, the cache. An
answer is found again only for the same model (`store_key`), the same prompt and, where answers depend on
it to the last bit, the same batch; so a result never depends on what else is in a file. Batches are
written in one transaction each; several processes may use a file at once. A file that is no such store is
set aside under another name, never overwritten.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeVar

from robustness.answers.events import BatchAnswered, Event
from robustness.errors import OutputError
from robustness.models import Answer, Prompt, capabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from robustness.answers.batches import Batch
    from robustness.models import QAModel

SCHEMA_VERSION = 3
# 1: table answers(model, prompt, text, score); never released, set aside.
# 2: prompts are keyed by options and cut too; a score may be missing.
# 3: what is kept of a batch model is keyed by its batch too; table models says what fingerprints belong to.
BUSY_SECONDS = 60.0
"""How long a process waits while another one writes."""
_SECOND = "#second"
_APPLICATION_ID = 0x4D51_4152  # "MQAR"
_MIGRATIONS: dict[int, tuple[str, ...]] = {
    0: (
        "CREATE TABLE IF NOT EXISTS answers (model TEXT NOT NULL, prompt BLOB NOT NULL, "
        "text TEXT NOT NULL, score REAL, PRIMARY KEY (model, prompt)) WITHOUT ROWID",
    ),
    2: (
        "CREATE TABLE IF NOT EXISTS models (model TEXT PRIMARY KEY, spec TEXT NOT NULL, "
        "used TEXT NOT NULL) WITHOUT ROWID",
    ),
}
"""Statements that lead from a version to the next one; 0 is an empty file."""
_AT_ONCE = 500
_Result = TypeVar("_Result")


class Store:
    """Answers of one model in a file; also a listener that writes what it hears.

    Args:
        path: The SQLite file; made when it is not there.
        model: What the answers belong to, see `store_key`.
        spec: How the command line names the model, for `robustness cache info`.
        cache: Where answers that this file lacks are looked for, and written to as well. When it fails,
            the audit goes on without it.
        thorough: Check all of the file when it is opened; a shared one is too large for that.
        connection: The file as another store has it open, and closes it.

    Attributes:
        set_aside: Where a file that was no store was moved to, or None.
    """

    def __init__(
        self,
        path: Path,
        model: str,
        *,
        spec: str = "",
        cache: Store | None = None,
        thorough: bool = True,
        connection: sqlite3.Connection | None = None,
    ) -> None:
        self._path, self._model, self._spec, self._cache = path, model, spec, cache
        self.set_aside: Path | None = None
        self._is_owner = connection is None
        if connection is None:
            self.set_aside = None if is_store(path, thorough=thorough) else _move_away(path)
        self._connection = connection or self._written(lambda: opened(path))
        self._written(self._register)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_owner:
            self._connection.close()
            if self._cache:
                self._cache.__exit__(None, None, None)

    def known(self, batch: Batch) -> dict[Prompt, Answer]:
        """The answers to a batch that are here or in the cache.

        A batch with a key is found whole or not at all.
        """
        addresses = {_address(batch.key, prompt): prompt for prompt in batch.prompts}
        found = self.look_up(addresses)
        if self._cache and len(found) < len(addresses):
            with suppress(sqlite3.Error):
                further = self._cache.look_up(addresses.keys() - found.keys())
                found |= further
                self._written(lambda: self._write(further))
        if batch.key and len(found) < len(addresses):
            return {}
        return {prompt: found[place] for place, prompt in addresses.items() if place in found}

    def of(self, model: str) -> Store:
        """The answers of another model, in the same file and cache; open as long as this one is."""
        cache = self._cache.of(model) if self._cache else None
        return Store(self._path, model, spec=self._spec, cache=cache, connection=self._connection)

    def count(self) -> int:
        """How many answers of this model the file holds."""
        asked = "SELECT count(*) FROM answers WHERE model = ?"
        return int(self._connection.execute(asked, (self._model,)).fetchone()[0])

    def repeats(self) -> Store:
        """The store of second answers to the same prompts, in the same file."""
        return self.of(self._model + _SECOND)

    def forget(self) -> None:
        """Drop what this model answered before, second answers too, here and in the cache."""
        mine = (self._model, self._model + _SECOND)
        self._written(
            lambda: self._connection.execute("DELETE FROM answers WHERE model IN (?, ?)", mine)
        )
        if self._cache:
            with suppress(OutputError):
                self._cache.forget()

    def listen(self, event: Event) -> None:
        """Write the answers of a batch in one transaction.

        Raises:
            OutputError: The disk is full or the file cannot be written.
        """
        if not isinstance(event, BatchAnswered) or event.from_store:
            return
        answered = zip(event.prompts, event.answers, strict=True)
        answers = {_address(event.key, prompt): answer for prompt, answer in answered}
        self._written(lambda: self._write(answers))
        if self._cache:
            with suppress(OutputError):
                self._cache.listen(event)

    def _register(self) -> None:
        self._connection.execute(
            "INSERT INTO models VALUES (?, ?, datetime('now')) "
            "ON CONFLICT (model) DO UPDATE SET used = excluded.used",
            (self._model, self._spec),
        )

    def look_up(self, addresses: Iterable[bytes]) -> dict[bytes, Answer]:
        """The answers at some addresses, as far as this file has them.

        Raises:
            sqlite3.Error: The file cannot be read.
        """
        wanted = list(addresses)
        found: dict[bytes, Answer] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            rows = self._connection.execute(
                "SELECT prompt, text, score FROM answers WHERE model = ? "  # noqa: S608
                f"AND prompt IN ({','.join('?' * len(some))})",
                (self._model, *some),
            )
            found |= {place: Answer(text, score) for place, text, score in rows}
        return found

    def _write(self, answers: dict[bytes, Answer]) -> None:
        if not answers:
            return
        rows = [(self._model, place, one.text, one.score) for place, one in answers.items()]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _written(self, write: Callable[[], _Result]) -> _Result:
        try:
            return write()
        except sqlite3.Error as error:
            raise OutputError(
                f"Cannot write answers ({error})",
                where=self._path,
                hint="Check that the folder is yours to write and has space, then run again.",
            ) from error


def store_key(model: QAModel) -> str:
    """What answers in a store belong to: the model's fingerprint and the kind of device that computes.

    The fingerprint covers weights, configuration, tokenizer, adapter, number format and decoding.
    """
    place = capabilities(model).device
    return f"{model.fingerprint}/{place}" if place else model.fingerprint


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def is_store(path: Path, *, thorough: bool = True) -> bool:
    """Whether a file is a store of a version that can be read, or is not there yet.

    Args:
        path: The file.
        thorough: Read all of it; otherwise only its beginning.
    """
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        ) as c:
            application = c.execute("PRAGMA application_id").fetchone()[0]
            version = c.execute("PRAGMA user_version").fetchone()[0]
            tables = c.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            healthy = not thorough or c.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.OperationalError as error:
        # busy or forbidden is not broken: opening it for writing will wait, or complain
        return "disk I/O" not in str(error)
    except sqlite3.Error:
        return False
    ours = application == _APPLICATION_ID and 2 <= version <= SCHEMA_VERSION
    unborn = application in (0, _APPLICATION_ID) and version == 0 and tables == 0
    return bool(healthy and (ours or unborn))


def opened(path: Path) -> sqlite3.Connection:
    """Open a store of the present version, made or brought to it if need be.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    connection = _connect(path)
    try:
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the present version, in one transaction."""
    if connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for start in sorted(_MIGRATIONS):
            for statement in _MIGRATIONS[start] if start >= version else ():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _address(key: str, prompt: Prompt) -> bytes:
    whole = f"{key}\n{prompt.key}" if key else prompt.key
    return hashlib.sha256(whole.encode()).digest()


def _move_away(path: Path) -> Path:
    number = 1
    while (target := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    path.rename(target)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(f"{target}{suffix}")
    return target
