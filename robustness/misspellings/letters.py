"""The letters of names: the rows of a keyboard, and which texts can be the name of a drug.

This module does not say which keys are neighbours, and does not know whether there is such a drug.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

from robustness.drugs.known_names import normalise
from robustness.errors import InputError

QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""The rows of letters of a QWERTY keyboard, from the top."""
LONGEST = 1000
"""How many characters a name may have."""
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_TWO_LETTERS = re.compile("[a-z][^a-z]*[a-z]")
_NO_NAME = re.compile(r"[\n\r\ud800-\udfff]")


def check_name(name: str) -> str:
    r"""A name without surrounding white space, or a clear error.

    >>> check_name(" metformin ")
    'metformin'
    >>> check_name("  ")
    Traceback (most recent call last):
    robustness.errors.InputError: No letter or digit in the name: '  '. Give the name of a drug.
    """
    stripped = name.strip()
    _check_length(stripped)
    if not normalise(stripped):
        raise InputError(
            "No letter or digit in the name", value=name, hint="Give the name of a drug."
        )
    try:
        stripped.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "The name cannot be written as UTF-8", value=name, hint="Remove lone surrogates."
        ) from error
    return stripped


def lower_letters(name: str) -> str:
    """A name with the letters A to Z in lower case, all else as it is, for misspellings in letters a to z.

    Raises:
        InputError: Fewer than two letters from a to z, more than `LONGEST` characters or a line break.
    """
    _check_length(name)
    lower = name.translate(_LOWER)
    if not _TWO_LETTERS.search(lower):
        raise InputError(
            "Fewer than two letters from a to z", value=name, hint="Give the name of a drug."
        )
    if _NO_NAME.search(name):
        raise InputError("No name of a drug", value=name, hint="Give one line of Unicode text.")
    return lower


def _check_length(name: str) -> None:
    if len(name) > LONGEST:
        raise InputError(
            f"The name has {len(name)} characters", value=name, hint=f"Give at most {LONGEST}."
        )
