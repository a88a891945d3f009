from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from robustness.audit import BatchAnswered, Store
from robustness.audit.batches import Batch
from robustness.errors import OutputError
from robustness.models import Answer, Prompt

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
