"""The face: what `import robustness` offers, beyond its doctests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import robustness
from robustness.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_every_name_of_the_face_is_there() -> None:
    assert set(robustness.__all__) <= set(dir(robustness))
    assert all(getattr(robustness, name) is not None for name in robustness.__all__)
    assert not hasattr(robustness, "no_such_name")


def test_an_audit_is_saved_into_a_folder_that_is_not_there_yet_and_read_again(
    tmp_path: Path,
) -> None:
    out = tmp_path / "new" / "deep"
    found = robustness.audit_model("planted:fragile", drugs=["warfarin"], budget=4, out=out)
    assert {"audit.json", "audit.sqlite", "report.html"} <= {path.name for path in out.iterdir()}
    assert robustness.load_audit(out).rates == found.rates
    assert "<iframe" in found._repr_html_()


def test_questions_that_a_model_cannot_answer_are_told_before_any_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,answer\nWhat is warfarin for?,clots\n")
    with pytest.raises(InputError, match="has no context"):
        robustness.audit_model("reader-clean", data=path)
