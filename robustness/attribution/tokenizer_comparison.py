"""Compare tokenizers on the same names and misspellings; needs no model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.attribution.xray_summary import Specimen, summarise
from robustness.drugs import load_drugs, load_look_alikes, table_versions
from robustness.errors import InputError
from robustness.misspellings import candidates, channel_descriptions
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug
    from robustness.tokenizers import Tokenizer

SCHEMA_VERSION = 1
# 1: first version.
DRUGS = 100
"""How many drugs are misspelled when none are named, spread over the table."""


def compare_tokenizers(specs: Sequence[str], drugs: Sequence[Drug] = ()) -> dict[str, Any]:
    """X-ray tokenizers side by side.

    Args:
        specs: What `load_tokenizer` takes, or ``NAME=SPEC`` to name one in reports.
        drugs: Drugs to misspell through every channel. Default: `DRUGS` of the table. Names of one piece,
            look-alikes and sensitivities are always looked at over the whole table.

    Returns:
        The comparison, ready for JSON: the most stable tokenizer first.

    Raises:
        InputError: There is no specification, or two tokenizers have the same name.
    """
    if not specs:
        raise InputError(
            "No tokenizer", hint="Name one or more: robustness tokenizers reader bytes."
        )
    loaded = [_load(spec) for spec in specs]
    names = [tokenizer.name for _, tokenizer in loaded]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise InputError("Two tokenizers of one name", value=doubled, hint="Name them: NAME=SPEC.")
    chosen = tuple(drugs) or spread(load_drugs(), DRUGS)
    specimens = make_specimens(chosen)
    if not specimens:
        raise InputError("No misspelling of these drugs", hint="Name other drugs.")
    table = [drug.name for drug in load_drugs()]
    rows = [
        {
            "spec": spec,
            "name": tokenizer.name,
            "fingerprint": tokenizer.fingerprint,
            **summarise(tokenizer, specimens, table, load_look_alikes()),
        }
        for spec, tokenizer in loaded
    ]
    rows.sort(key=lambda row: (-row["stability"]["estimate"], row["fertility_correct"]))
    return {
        "schema_version": SCHEMA_VERSION,
        "drugs": [drug.name for drug in chosen],
        "names": len(table),
        "misspellings": len(specimens),
        "tables": table_versions(),
        "tokenizers": rows,
    }


def make_specimens(drugs: Sequence[Drug]) -> list[Specimen]:
    """The misspellings of drugs through every channel; other names of a drug are none."""
    channels = tuple(name for name in channel_descriptions() if name != "naming")
    return [
        Specimen(drug.name, one.text, one.channel, one.distance)
        for drug in drugs
        for one in candidates(drug.name, channels).kept
    ]


def spread(drugs: Sequence[Drug], count: int) -> tuple[Drug, ...]:
    """So many drugs at even distances, from the first to the last.

    >>> [drug.name for drug in spread(load_drugs(), 3)]
    ['abacavir', 'insulin lispro', 'zonisamide']
    """
    if len(drugs) <= count:
        return tuple(drugs)
    return tuple(drugs[round(i * (len(drugs) - 1) / (count - 1))] for i in range(count))


def _load(spec: str) -> tuple[str, Tokenizer]:
    name, equals, rest = spec.partition("=")
    if equals and name and not Path(spec).exists():
        return rest, load_tokenizer(rest, name=name)
    return spec, load_tokenizer(spec)
