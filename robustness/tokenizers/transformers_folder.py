"""Tokenizers that only the `transformers` package can read: a folder or hub id without a ``tokenizer.json``.

It brings torch along, so it is the last resort of `loading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.errors import InputError
from robustness.tokenizers.reading import fingerprint
from robustness.tokenizers.tokenizer_json import FastTokenizer, wrap

if TYPE_CHECKING:
    from pathlib import Path


def load_transformers(spec: str, *, name: str, where: Path | str) -> FastTokenizer:
    """Load a tokenizer through `AutoTokenizer`; no code of the repository is run.

    Raises:
        InputError: It cannot be loaded, or is one without offsets.
    """
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    hint = "Give a tokenizer.json, its folder, or a hub id that this machine can reach."
    try:
        loaded = AutoTokenizer.from_pretrained(spec, trust_remote_code=False)
        backend = loaded.backend_tokenizer
    except Exception as error:  # every tokenizer class fails in its own way
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120].rstrip(".")
        raise InputError(f"Not a tokenizer ({reason})", where=where, hint=hint) from error
    saved = backend.to_str()
    return wrap(Tokenizer.from_str(saved), name=name, fingerprint=fingerprint(saved.encode()))
