from __future__ import annotations

import pytest

from robustness.errors import InputError
from robustness.misspellings.case_pattern import recase
from robustness.misspellings.edits import Edit
from robustness.misspellings.letters import LONGEST, QWERTY, check_name, lower_letters


def test_the_rows_of_the_keyboard_hold_every_letter_once() -> None:
    assert sorted("".join(QWERTY)) == sorted("abcdefghijklmnopqrstuvwxyz")


def test_letters_of_other_scripts_keep_their_case() -> None:
    assert lower_letters("ÉAb-İ") == "Éab-İ"


@pytest.mark.parametrize("check", [check_name, lower_letters])
def test_the_longest_name(check: object) -> None:
    assert callable(check)
    assert len(check("a" * LONGEST)) == LONGEST
    with pytest.raises(InputError, match="1001 characters"):
        check("a" * (LONGEST + 1))


def test_the_edits_are_in_the_case_pattern_too() -> None:
    text, edits = recase("METFORMIN", (Edit("substitution", 0, "m", "n"),))
    assert text == "NETFORMIN"
    assert edits == (Edit("substitution", 0, "M", "N"),)
