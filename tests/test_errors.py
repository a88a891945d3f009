from __future__ import annotations

from robustness.errors import InputError, nearest


def test_message_holds_place_what_value_and_remedy() -> None:
    error = InputError("Bad value", where="file.csv, line 3", value="x" * 200, hint="Use y.")
    assert str(error).startswith("file.csv, line 3: Bad value: 'xxx")
    assert str(error).endswith("Use y.")
    assert len(str(error)) < 200


def test_families_have_their_exit_codes() -> None:
    assert InputError("a").exit_code == 2


def test_nearest_lists_choices_when_nothing_is_near() -> None:
    assert nearest("zzz", [f"option{i}" for i in range(20)]).endswith("...")
