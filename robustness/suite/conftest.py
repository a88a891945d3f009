"""Tells each shipped test which property and drug it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from robustness.suite.options import MARKERS
from robustness.suite.parts import part_id
from robustness.suite.session import session_of

if TYPE_CHECKING:
    from robustness.suite.parts import Part


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a property of the module and drug."""
    if "robustness_part" in metafunc.fixturenames:
        parts = session_of(metafunc.config).parts(metafunc.module.PROPERTIES)
        metafunc.parametrize(
            "robustness_part", [pytest.param(p, id=part_id(p), marks=_marks(p)) for p in parts]
        )


def _marks(part: Part) -> list[pytest.MarkDecorator]:
    name = part.property.replace("-", "_")
    return [pytest.mark.robustness, *([getattr(pytest.mark, name)] if name in MARKERS else [])]
