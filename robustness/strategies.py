"""Hypothesis strategies over drugs and the ways to misspell them.

The only module of the package that imports Hypothesis. Every docstring says how its values shrink.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from robustness.audit.plan import Pair, make_pair
from robustness.drugs import load_drugs, load_look_alikes
from robustness.errors import InputError
from robustness.misspellings import candidates, load_observed
from robustness.questions import RELATIONS, LeafletWriter

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from robustness.drugs import Drug
    from robustness.misspellings import Misspelling


def drugs() -> SearchStrategy[Drug]:
    """Drugs of the table that can be misspelled without a collision.

    Shrinks towards the drug whose misspellings stand in the most adverse-event reports.
    """
    return st.sampled_from(_commonest_first())


def misspellings(drug: Drug, *, max_edits: int = 2) -> SearchStrategy[Misspelling]:
    """Misspellings of a drug's generic name that are no collision.

    Shrinks towards fewest edits, then the spelling that most reports carry.

    Args:
        drug: Whose name.
        max_edits: Largest edit distance, at least 1.

    Raises:
        InputError: The drug has no such misspelling.
    """
    kept = [one for one in candidates(drug.name).kept if one.distance <= max_edits]
    if not kept:
        raise InputError(
            f"No misspelling of at most {max_edits} edits",
            value=drug.name,
            hint="Allow more edits.",
        )
    return st.sampled_from(sorted(kept, key=lambda one: (one.distance, -one.reports, one.text)))


@st.composite
def pairs(draw: DrawFn, *, max_edits: int = 2, seed: int = 0) -> Pair:
    """Pairs: the same question with the correct and with a misspelled name.

    Shrinks towards the commonest drug, the first relation, and as `misspellings` does.

    Args:
        draw: Given by Hypothesis.
        max_edits: Largest edit distance of the misspelling, at least 1.
        seed: Decides leaflets and phrasings.
    """
    able = [d for d in _commonest_first() if _fewest_edits(d) <= max_edits]
    drug = draw(st.sampled_from(able))
    relation = draw(st.sampled_from([one for one in RELATIONS if one.value(drug)]))
    misspelling = draw(misspellings(drug, max_edits=max_edits))
    return make_pair(drug, relation, misspelling, seed=seed, writer=_writer())


@cache
def _commonest_first() -> tuple[Drug, ...]:
    observed = load_observed()
    reports = {name: sum(one.reports for one in group) for name, group in observed.items()}
    able = [drug for drug in load_drugs() if candidates(drug.name).kept]
    return tuple(sorted(able, key=lambda drug: (-reports.get(drug.name, 0), drug.name)))


def _fewest_edits(drug: Drug) -> int:
    return min(one.distance for one in candidates(drug.name).kept)


@cache
def _writer() -> LeafletWriter:
    return LeafletWriter(load_drugs(), load_look_alikes())
