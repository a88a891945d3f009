"""A pair: the same question with the correct and with a misspelled name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.drugs import Drug
    from robustness.misspellings import (
        Misspelling,
    )
    from robustness.questions import Case, Slot, Source


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """The same question with the correct and with a misspelled name.

    The misspelled case is written anew whenever it is looked at: a plan may hold a million pairs, and a
    case is larger than all the rest of its pair.
    """

    drug: Drug
    misspelling: Misspelling
    baseline: Case
    """The question with the correct name, shared by all of its pairs."""
    write: Callable[[Misspelling], Case] = field(compare=False)
    """Writes the same question with the name misspelled."""

    @property
    def case(self) -> Case:
        """The question with the misspelled name."""
        return self.write(self.misspelling)

    def with_cases(self, baseline: Case, case: Case) -> Pair:
        """The same pair about two other cases, which it holds."""
        return replace(self, baseline=baseline, write=lambda _: case)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001
        # Hypothesis prints a falsifying example so: one line is read, a whole leaflet is not.
        printer.text(repr(self))

    def __repr__(self) -> str:
        return f"<Pair {self.case.id}: {self.drug.name} written {self.misspelling.text}, {self.case.relation}>"


def slot_pair(source: Source, slot: Slot, misspelling: Misspelling) -> Pair:
    """The pair of a slot and a misspelling."""
    return Pair(slot.drug, misspelling, source.case(slot, None), partial(source.case, slot))
