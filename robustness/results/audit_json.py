"""Saved results: written and read again.

``audit.json`` is the one data model; every report is made from it alone. Keys are sorted and floats
rounded to 6 digits, so equal audits give equal files but for ``run`` and ``timing``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from robustness.files import whole_file
from robustness.results.pairs_csv import write_pairs
from robustness.results.saved_json import read_saved

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.models import QAModel


SCHEMA_VERSION = 2
# 1: first version.
# 2: noise_floor; rates.bootstrap, rates.worst_case and the metric critical; gate rules with slice,
#    confidence, estimate and p-values; every pair in pairs.csv, in the same folder.
FILE_NAME = "audit.json"


def model_record(model: QAModel, task: str | None, adapter: Path | None) -> dict[str, Any]:
    """Which model was asked, as saved results tell it.

    Args:
        model: The model.
        task: The task that it was loaded for; None for its own.
        adapter: The adapter that it was loaded with.
    """
    return {
        "spec": model.spec,
        "kind": model.kind,
        "fingerprint": model.fingerprint,
        "task": task,
        "adapter": str(adapter) if adapter else None,
    }


def save_results(results: dict[str, Any], folder: Path) -> Path:
    """Write ``audit.json`` and ``pairs.csv`` into a folder, each whole or not at all.

    Results that were read from a folder hold no pairs; its ``pairs.csv`` stays as it is.

    Raises:
        OutputError: They cannot be written.
    """
    path = folder / FILE_NAME
    kept = {key: value for key, value in results.items() if key != "pairs"}
    if "pairs" in results:
        write_pairs(results["pairs"], folder)
    with whole_file(path) as file:
        json.dump(kept, file, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        file.write("\n")
    return path


def load_results(folder: Path) -> dict[str, Any]:
    """Read ``audit.json`` from the folder of an audit; nothing that it names is opened.

    Raises:
        InputError: There is none, it is damaged, or its schema is another one.
    """
    from robustness.results.schema import Audit

    hint = "Run: robustness audit --out FOLDER."
    return read_saved(folder / FILE_NAME, Audit, what="audit", hint=hint)


def rounded(value: Any) -> Any:
    """A value as it is saved: floats to 6 digits, tuples as lists, at any depth."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    return value
