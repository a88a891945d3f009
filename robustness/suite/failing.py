"""Failing trials of earlier runs: kept in a file, planned again from what they were drawn from.

A trial is found again from its property, seed, budget and id; nothing that a model said is kept here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from robustness.files import write_text
from robustness.properties import PROPERTIES, plan_trials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from robustness.properties import Finding, Request, Trial

KEPT = 200
"""Failing trials that are kept of a model, the smallest first."""
_RECORD = {"property": str, "id": str, "drug": str, "seed": int, "budget": int}


class Failing:
    """The failing trials of one model in a file of several.

    Args:
        path: A JSON file; one that is none is taken as empty.
        model: Fingerprint of the model.
    """

    def __init__(self, path: Path, model: str) -> None:
        self._path, self._model = path, model
        self._records: list[dict[str, object]] = self._read().get(model, [])

    @property
    def parts(self) -> set[tuple[str, str]]:
        """Property and drug of what failed."""
        return {(str(one["property"]), str(one["drug"])) for one in self._records}

    def trials(self, request: Request) -> Iterator[tuple[str, Trial]]:
        """Property and trial of what failed, made again."""
        wanted: dict[tuple[str, int, int], set[str]] = {}
        for one in self._records:
            origin = (str(one["property"]), int(str(one["seed"])), int(str(one["budget"])))
            wanted.setdefault(origin, set()).add(str(one["id"]))
        for (name, seed, budget), ids in wanted.items():
            if name not in PROPERTIES:
                continue
            again = replace(request, seed=seed, budget=budget)
            trials = plan_trials([PROPERTIES[name]], again)[name]
            yield from ((name, trial) for trial in trials if trial.id in ids)

    def update(self, findings: Mapping[str, Finding], seed: int, budget: int) -> None:
        """Put in what fails now, and take out what was tried and holds.

        Raises:
            OutputError: The file cannot be written.
        """
        tried = {one.trial.id for finding in findings.values() for one in finding.judged}
        old = {str(one["id"]): one for one in self._records}
        fresh = [
            old.get(one.trial.id)
            or {
                "property": name,
                "id": one.trial.id,
                "drug": one.trial.drug,
                "seed": seed,
                "budget": budget,
            }
            for name, finding in findings.items()
            for one in finding.counterexamples
        ]
        untried = [one for one in self._records if one["id"] not in tried]
        everything = self._read() | {self._model: (fresh + untried)[:KEPT]}
        write_text(self._path, json.dumps(everything, indent=1, sort_keys=True) + "\n")

    def _read(self) -> dict[str, list[dict[str, object]]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        kept = found.items() if isinstance(found, dict) else ()
        return {model: [*filter(_sound, rows)] for model, rows in kept if isinstance(rows, list)}


def _sound(record: object) -> bool:
    """Whether a record has what a trial is planned again from; anyone may have written the file."""
    return isinstance(record, dict) and all(
        isinstance(record.get(key), kind) for key, kind in _RECORD.items()
    )
