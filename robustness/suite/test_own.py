"""Properties that the user registered must hold, see `robustness.properties.register_property`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.suite.parts import Part

PROPERTIES: tuple[str, ...] = ()
"""What is tested here; all that no other module tests where it is empty."""


def test_property(robustness_part: Part, robustness_judge: Callable[[Part], None]) -> None:
    """The property holds for the drug, or often enough for all of them."""
    robustness_judge(robustness_part)
