"""Another way to write a drug's name must not change the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.suite.options import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.suite.parts import Part

PROPERTIES = SHIPPED["invariance"]
"""What is tested here."""


def test_property(robustness_part: Part, robustness_judge: Callable[[Part], None]) -> None:
    """The property holds for the drug, or often enough for all of them."""
    robustness_judge(robustness_part)
