from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from robustness.answers.batches import Batch
from robustness.answers.cache import (
    cache_path,
    clear_cache,
    describe_cache,
    open_cache,
    verify_cache,
)
from robustness.answers.events import BatchAnswered
from robustness.answers.store import Store
from robustness.errors import InputError, OutputError
from robustness.models import Answer, Prompt, load_model

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = (Prompt("a?", "context"), Prompt("b?", "context"))
ANSWERS = (Answer("yes", 0.5), Answer("\N{SNOWMAN}\n", 0.123456789))
BOTH = dict(zip(PROMPTS, ANSWERS, strict=True))


def filled(path: Path) -> None:
    with Store(path, "model") as store:
        store.listen(BatchAnswered(PROMPTS, ANSWERS, 0.1, from_store=False))


def test_answers_come_back_exactly(tmp_path: Path) -> None:
    filled(tmp_path / "s.sqlite")
    with Store(tmp_path / "s.sqlite", "model") as store:
        assert store.known(Batch(PROMPTS)) == BOTH
        assert store.set_aside is None


def test_answers_are_for_the_same_model_question_and_context_only(tmp_path: Path) -> None:
    filled(tmp_path / "s.sqlite")
    with Store(tmp_path / "s.sqlite", "another") as store:
        assert store.known(Batch(PROMPTS)) == {}
    with Store(tmp_path / "s.sqlite", "model") as store:
        assert store.known(Batch((Prompt("a?", "context "),))) == {}
        assert store.known(Batch((PROMPTS[0], Prompt("c?")))) == {PROMPTS[0]: ANSWERS[0]}


def test_forget_leaves_other_models_alone(tmp_path: Path) -> None:
    filled(tmp_path / "s.sqlite")
    with Store(tmp_path / "s.sqlite", "another") as store:
        store.forget()
    with Store(tmp_path / "s.sqlite", "model") as store:
        assert store.known(Batch(PROMPTS)) == BOTH
        store.forget()
        assert store.known(Batch(PROMPTS)) == {}


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 500])
def test_a_corrupt_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    with Store(path, "model") as store:
        assert store.set_aside is not None
        assert store.set_aside.read_bytes() == content
        store.listen(BatchAnswered(PROMPTS, ANSWERS, 0.1, from_store=False))


def test_somebody_elses_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.commit()
    foreign.close()
    with Store(path, "model") as store:
        assert store.set_aside is not None


def test_a_truncated_store_is_set_aside_or_read(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    filled(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with Store(path, "model") as store:
        assert store.set_aside is not None
        assert store.known(Batch(PROMPTS)) == {}


def test_an_unwritable_place(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Cannot write answers"):
        Store(tmp_path / "no" / "folder" / "s.sqlite", "model")


def test_a_batch_that_answers_depend_on_is_found_whole_or_not_at_all(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite", "model") as store:
        store.listen(BatchAnswered(PROMPTS, ANSWERS, 0.1, from_store=False, key="both"))
        assert store.known(Batch(PROMPTS, "both")) == BOTH
        assert store.known(Batch(PROMPTS, "another")) == {}
        assert store.known(Batch((*PROMPTS, Prompt("c?")), "both")) == {}


def test_an_audit_takes_from_the_cache_and_fills_it(tmp_path: Path) -> None:
    batch = Batch(PROMPTS, "key")
    for name in ("first", "second"):
        cache = Store(tmp_path / "cache.sqlite", "model")
        with Store(tmp_path / f"{name}.sqlite", "model", cache=cache) as store:
            if name == "first":
                store.listen(BatchAnswered(PROMPTS, ANSWERS, 0.1, from_store=False, key="key"))
            assert store.known(batch) == BOTH
            assert store.of("another").known(batch) == {}
    with Store(tmp_path / "second.sqlite", "model") as store:
        assert store.known(batch) == BOTH


def test_version_2_is_migrated_with_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("DROP TABLE models")
        old.execute("PRAGMA user_version=2")
    with Store(path, "model") as store:
        assert store.set_aside is None
        assert store.known(Batch(PROMPTS)) == BOTH
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("PRAGMA user_version").fetchone() == (3,)


def test_a_later_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as later:
        later.execute("PRAGMA user_version=99")
    with Store(path, "model") as store:
        assert store.set_aside is not None


def write_many(path: Path, name: str) -> None:
    with Store(path, "model") as store:
        for number in range(60):
            prompts = tuple(Prompt(f"{name} {number} {i}?") for i in range(5))
            answers = tuple(Answer(p.question, 0.5) for p in prompts)
            store.listen(BatchAnswered(prompts, answers, 0.1, from_store=False))


def test_two_processes_write_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    context = multiprocessing.get_context("forkserver")
    writers = [context.Process(target=write_many, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (600,)


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    filled(path)
    with Store(path, "model") as store:
        store._connection.execute("PRAGMA max_page_count=3")
        long = tuple(Answer("x" * 100_000, None) for _ in PROMPTS)
        with pytest.raises(OutputError, match="full"):
            store.listen(BatchAnswered(PROMPTS, long, 0.1, from_store=False))
        assert store.known(Batch(PROMPTS)) == BOTH


def test_an_audit_outlives_its_cache(tmp_path: Path) -> None:
    cache = Store(tmp_path / "cache.sqlite", "model")
    with Store(tmp_path / "s.sqlite", "model", cache=cache) as store:
        cache._connection.execute("DROP TABLE answers")
        store.listen(BatchAnswered(PROMPTS, ANSWERS, 0.1, from_store=False))
        assert store.known(Batch((*PROMPTS, Prompt("c?")))) == BOTH


def test_the_cache_is_described_verified_and_cleared(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    filled(path)
    assert [(row["fingerprint"], row["answers"]) for row in describe_cache(path)] == [("model", 2)]
    assert verify_cache(path).problems == ()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE answers SET score = 7 WHERE text = 'yes'")
    assert verify_cache(path).problems == ("1 answers with a score that is no probability",)
    assert clear_cache(path, "another") == 0
    assert clear_cache(path, "model") == 2
    assert describe_cache(path) == []


def test_no_cache_for_models_that_may_change_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_cache(load_model("planted:robust")) is None
    assert cache_path("none") is None
    monkeypatch.delenv("ROBUSTNESS_CACHE")
    path = cache_path()
    assert path is not None
    assert path.name == "answers.sqlite"


def test_a_cache_that_is_no_store_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"no database")
    with pytest.raises(InputError, match="Not a cache"):
        clear_cache(path)
    assert path.read_bytes() == b"no database"
