"""Which questions an audit asks: those of a kind of model, or those that a finished audit asked.

This module chooses; the questions are written in `robustness.questions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import InputError
from robustness.questions import ClosedBookSource, LeafletSource, LeafletWriter, UserDataSource

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.questions import EmbeddedSource, Source


def embedded_source(seed: int, *, kind: str = "") -> EmbeddedSource:
    """The questions that ship with the tool, as a model of this kind is asked them.

    Args:
        seed: Decides leaflets or options, and phrasings.
        kind: Kind of model. One that chooses is asked closed-book questions with options, every other
            one questions over leaflets.
    """
    if kind == "choice":
        return ClosedBookSource(seed, load_drugs(), load_look_alikes())
    return LeafletSource(seed, LeafletWriter(load_drugs(), load_look_alikes()))


def check_answerable(source: UserDataSource, kind: str) -> None:
    """Complain about rows that a model of this kind cannot answer.

    Raises:
        InputError: The model needs options or contexts that a row lacks.
    """
    for row in source.file.rows:
        if kind == "choice" and not row.options:
            raise InputError(
                "The row has no options, and this model chooses",
                where=f"{source.file.path}, {row.place}",
                hint="Add options, or ask a model that generates: --task generate.",
            )
        if kind == "extractive" and not row.context:
            raise InputError(
                "The row has no context, and this model answers from one",
                where=f"{source.file.path}, {row.place}",
                hint="Add contexts, or ask a language model: --task choice.",
            )


def recorded_source(record: dict[str, Any], seed: int, *, data: Path | None = None) -> Source:
    """The questions that a finished audit asked.

    Args:
        record: ``data.source`` of its results; audits that have none asked about leaflets.
        seed: Seed of the audit.
        data: The file of the user's own questions, named again: a path that a saved audit holds is never
            opened, since anyone may have written it.

    Raises:
        InputError: They came from a file that is not named again, is gone or has changed.
    """
    if record.get("kind") != UserDataSource.kind:
        closed = record.get("kind") == ClosedBookSource.kind
        return embedded_source(seed, kind="choice" if closed else "")
    recorded = str(record.get("path"))
    if data is None:
        raise InputError(
            "It was asked about a file of questions, which is opened only when you name it again",
            value=recorded,
            hint="Add: --data FILE.",
        )
    source = UserDataSource(data, skip_bad_rows=bool(record.get("skip_bad_rows")))
    if source.file.sha256 != record.get("sha256"):
        raise InputError(
            "The file has changed since the audit",
            where=data,
            hint="Restore it, or run the audit again.",
        )
    return source
