"""From the options of an audit to its engine."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from robustness.answers.engines.local import LocalEngine
from robustness.errors import InputError

if TYPE_CHECKING:
    from robustness.answers.engines.engine import Engine
    from robustness.answers.engines.replicas import Recipe


def open_engine(
    name: str, recipe: Recipe, *, workers: int = 0, address: str | None = None
) -> AbstractContextManager[Engine]:
    """The engine of a name, as a context that ends what it started.

    Args:
        name: ``local`` or ``ray``.
        recipe: What copies of the model are loaded from.
        workers: How many copies; 0 for as many as the cluster has graphics cards, or else nodes.
        address: Of the cluster; None for ``RAY_ADDRESS``, or a Ray of this machine.

    Raises:
        InputError: Workers or an address for the local engine.
        MissingPackageError: Ray is not installed.
    """
    if name == "ray":
        from robustness.answers.engines.ray import RayEngine

        return RayEngine(recipe, workers=workers, address=address)
    if workers or address:
        raise InputError(
            "Workers and an address are for a Ray cluster",
            hint="Add --engine ray, or leave them out.",
        )
    return nullcontext(LocalEngine())
