"""Write files whole or not at all: to a temporary name next to the target, then renamed.

Row 0, like `robustness.errors`: everything that writes goes through here, so that a full disk or Ctrl-C
never leaves a half-written file behind.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from robustness.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = ".written-by-robustness"
"""The list that `whole_folder` leaves of what it wrote: the only folders that are ever replaced hold one."""
_LONGEST_MANIFEST = 100_000


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file, whole or not at all.

    Raises:
        OutputError: It cannot be written; the file that was there before is untouched.
    """
    with whole_file(path) as file:
        file.write(text)


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write to, which becomes `path` when the block ends without an error.

    A link is followed: what it points to is replaced, not the link. Devices, pipes and folders are refused.

    Raises:
        OutputError: It cannot be written; the file that was there before is untouched.
    """
    with output_errors(path):
        target = Path(os.path.realpath(path))  # a link to itself is no error yet
        mode = _replaced_mode(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder that becomes `path` when the block ends without an error.

    It is given a list of what was written (`MANIFEST`), and only a folder that holds nothing but what such a
    list names is ever replaced.

    Raises:
        OutputError: It cannot be written, or the folder that is there holds what is not ours; it is untouched.
    """
    with output_errors(path):
        target = Path(os.path.realpath(path))
        check_replaceable(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:100]}."))
        try:
            yield temporary
            names = sorted(one.name for one in temporary.iterdir())
            (temporary / MANIFEST).write_text("\n".join([*names, ""]), encoding="utf-8")
            temporary.chmod(0o777 & ~_umask())
            remove_folder(path)
            temporary.replace(target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def check_replaceable(path: Path) -> None:
    """Complain about a folder that `whole_folder` must not replace.

    Raises:
        OutputError: Something is there that is neither empty nor written by `whole_folder` alone.
    """
    if not os.path.lexists(path):
        return
    if not path.is_dir():
        raise OutputError("Not a folder", where=path, hint="Choose another folder.")
    with output_errors(path):
        strange = _strangers(path)
    if strange:
        raise OutputError(
            "The folder holds what this tool did not write, and would be replaced",
            where=path,
            value=strange[0],
            hint="Choose a new or empty folder.",
        )


def remove_folder(path: Path) -> None:
    """Remove a folder that `whole_folder` wrote; one that is not there is no error.

    Raises:
        OutputError: It holds what is not ours; nothing is removed.
    """
    check_replaceable(path)
    if path.is_dir():
        with output_errors(path):
            shutil.rmtree(os.path.realpath(path))


def _strangers(path: Path) -> list[str]:
    """What a folder holds that its own list does not name; sub-folders are never ours."""
    found = sorted(path.iterdir())
    listed = path / MANIFEST
    if not found or not listed.is_file() or listed.stat().st_size > _LONGEST_MANIFEST:
        return [one.name for one in found]
    ours = {MANIFEST, *listed.read_text(encoding="utf-8", errors="replace").splitlines()}
    return [one.name for one in found if one.name not in ours or not one.is_file()]


def _replaced_mode(target: Path) -> int:
    """The permissions of the file that takes the place of another one, or of a new one."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_umask()
    if not stat.S_ISREG(found):
        raise OutputError(
            "Not a regular file, so it is not replaced",
            where=target,
            hint="Name a file; results for a pipe go to stdout with --json, where a command has it.",
        )
    return stat.S_IMODE(found)


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn the system's errors while writing `path` into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"Cannot write ({error.strerror or error})",
            where=path,
            hint="Check that the folder exists, is yours to write and has space.",
        ) from error


def make_folder(path: Path) -> None:
    """Make a folder for results, and check that it can be written to.

    Raises:
        OutputError: It cannot.
    """
    with output_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass


def read_regular(path: Path, *, most_bytes: int) -> bytes:
    """The bytes of a file that is one: no pipe or device, which may never end, and not too large.

    Raises:
        InputError: It cannot be read, is no regular file or larger than `most_bytes`.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(
                "The file cannot be read (it is no regular file)",
                where=path,
                hint="Give the path of a file.",
            )
        if found.st_size > most_bytes:
            raise InputError(
                f"The file is larger than {most_bytes / 1e6:,.0f} MB",
                where=path,
                hint="Check the path, or split the file.",
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"The file cannot be read ({reason})", where=path, hint="Check the path."
        ) from error


def is_file(path: Path) -> bool:
    """Whether a path is a file; what the system cannot look up, such as a name of 300 letters, is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
