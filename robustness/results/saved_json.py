"""Read a saved JSON file that anyone may have written: regular, not huge, not too deep, and of the schema.

It says what is wrong in one line; it does not look at what the values mean.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from robustness.errors import InputError
from robustness.files import read_regular

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 4_000_000_000


def read_saved(path: Path, schema: type[BaseModel], *, what: str, hint: str) -> dict[str, Any]:
    """The content of a saved file.

    Args:
        path: The file.
        schema: What it must hold; further keys are kept.
        what: What it is, for the message: "audit".
        hint: What to do where there is none.

    Raises:
        InputError: There is none, it is no JSON, of another schema version, or lacks something.
    """
    if not os.path.lexists(path):  # unlike `Path.exists`, no error where the name is too long
        raise InputError(f"No {what} in this folder", where=path, hint=hint)
    content = read_regular(path, most_bytes=MOST_BYTES)
    try:
        found = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _damaged(what, path, "it is no JSON") from error
    version = found.get("schema_version") if isinstance(found, dict) else None
    known = schema.model_fields["schema_version"].default
    if version != known or isinstance(version, bool):
        raise InputError(
            "Unknown schema version",
            where=path,
            value=str(version)[:40],
            hint=f"This version of the tool reads {known}; run the {what} again.",
        )
    try:
        schema.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:120]
        raise _damaged(what, path, f"{place}: {first['msg']}") from error
    except RecursionError as error:
        raise _damaged(what, path, "it is nested too deeply") from error
    loaded: dict[str, Any] = found
    return loaded


def _no_number(text: str) -> None:
    raise ValueError(text)


def _damaged(what: str, path: Path, why: str) -> InputError:
    return InputError(
        f"Not the results of this tool ({why[:200]})", where=path, hint=f"Run the {what} again."
    )
