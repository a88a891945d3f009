from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from robustness.errors import OutputError
from robustness.files import make_folder, remove_folder, whole_folder, write_text


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "one")
    write_text(path, "two\n")
    assert path.read_text() == "two\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_becomes_visible_only_when_it_is_done(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with whole_folder(target) as folder:
        (folder / "weights").write_text("1")
        assert not target.exists()
    assert (target / "weights").read_text() == "1"
    with pytest.raises(ZeroDivisionError), whole_folder(target) as folder:
        (folder / "weights").write_text(str(1 / 0))
    assert (target / "weights").read_text() == "1"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot write"):
        make_folder(tmp_path / "file" / "out")


def test_a_folder_that_holds_what_is_not_ours_is_never_replaced(tmp_path: Path) -> None:
    target = tmp_path / "keep"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="did not write"), whole_folder(target) as folder:
        (folder / "weights").write_text("1")
    with pytest.raises(OutputError, match="did not write"):
        remove_folder(target)
    assert (target / "notes.txt").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("added", ["file", "folder", "link"])
def test_what_was_put_into_a_folder_of_ours_is_not_deleted(tmp_path: Path, added: str) -> None:
    target = tmp_path / "model"
    with whole_folder(target) as folder:
        (folder / "weights").write_text("1")
    if added == "file":
        (target / "notes.txt").write_text("mine")
    elif added == "folder":
        (target / "weights").unlink()
        (target / "weights").mkdir()
    else:
        (target / "notes").symlink_to(tmp_path)
    before = sorted(target.iterdir())
    with pytest.raises(OutputError), whole_folder(target) as folder:
        (folder / "weights").write_text("2")
    assert sorted(target.iterdir()) == before


def test_an_empty_folder_and_a_link_to_a_folder_of_ours_are_taken(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to("real")
    for text in ("1", "2"):
        with whole_folder(link) as folder:
            (folder / "weights").write_text(text)
    assert link.is_symlink()
    assert (tmp_path / "real" / "weights").read_text() == "2"


def test_a_link_is_followed_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o600


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "to-null").symlink_to("/dev/null")
    (tmp_path / "folder").mkdir()
    for path in (pipe, tmp_path / "to-null", tmp_path / "folder"):
        with pytest.raises(OutputError, match="Not a regular file"):
            write_text(path, "x")
    assert pipe.is_fifo()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_link_to_itself_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError, match="Cannot write"):
        write_text(tmp_path / "loop", "x")
    with pytest.raises(OutputError), whole_folder(tmp_path / "loop"):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "loop"]
