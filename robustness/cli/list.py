"""``robustness list``: what there is."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from robustness.cli.app import app
from robustness.cli.printing import print_rows
from robustness.errors import InputError, nearest


@app.command(name="list", epilog="Example: robustness list drugs")
def list_(
    what: Annotated[str, typer.Argument(help="models, tokenizers, drugs, channels or properties.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what there is."""
    kinds = {
        "models": _models,
        "tokenizers": _tokenizers,
        "drugs": _drugs,
        "channels": _channels,
        "properties": _properties,
    }
    if what not in kinds:
        raise InputError("Nothing of this kind to list", value=what, hint=nearest(what, kinds))
    print_rows(kinds[what](), as_json=as_json)


def _models() -> list[dict[str, Any]]:
    from robustness.models import MODELS

    guarded = {"guard:MODEL": "any of these behind the guard; audit --guard says the same"}
    listed = (MODELS | guarded).items()
    return [{"model": spec, "description": text} for spec, text in listed]


def _tokenizers() -> list[dict[str, Any]]:
    from robustness.tokenizers import TOKENIZERS

    return [{"tokenizer": spec, "description": text} for spec, text in TOKENIZERS.items()]


def _drugs() -> list[dict[str, Any]]:
    from robustness.drugs import load_drugs

    return [
        {
            "drug": drug.name,
            "brands": ", ".join(drug.brands),
            "class": drug.drug_class,
            "high-risk group": drug.high_risk_group,
        }
        for drug in load_drugs()
    ]


def _channels() -> list[dict[str, Any]]:
    from robustness.misspellings import channel_descriptions

    return [{"channel": name, "description": text} for name, text in channel_descriptions().items()]


def _properties() -> list[dict[str, Any]]:
    from robustness.properties import PROPERTIES

    return [{"property": name, "description": one.description} for name, one in PROPERTIES.items()]
