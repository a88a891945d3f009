"""Hypothesis strategies over drugs and the ways to misspell them.

The only module of the package that imports Hypothesis. Every docstring says how its values shrink. Drawn one
by one, examples cost a model call each; `assert_batched` and `batches` ask for many at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from robustness.drugs import invented_names, load_drugs, load_look_alikes, select_drugs
from robustness.errors import InputError
from robustness.misspellings import DEFAULT_CHANNELS, Misspelling, candidates
from robustness.properties import (
    all_misspellings,
    assert_batched,
    commonness,
    pair_of,
    size_of,
)
from robustness.properties.batched import pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from robustness.drugs import Drug
    from robustness.questions import Case
    from robustness.questions.pair import Pair

__all__ = [
    "assert_batched",
    "batches",
    "brand_generic",
    "cases",
    "drugs",
    "invented_drugs",
    "lookalike_pairs",
    "misspellings",
    "pair_of",
    "pairs",
]


def drugs(
    *, names: Sequence[str] | None = None, high_risk: bool | None = None
) -> SearchStrategy[Drug]:
    """Drugs of the table.

    Shrinks towards the drug whose misspellings stand in the most adverse-event reports.

    Args:
        names: Names of the drugs to draw from; None for all.
        high_risk: Whether they are on a high-risk list; None for either.

    Raises:
        InputError: A name is unknown, or there is no such drug.
    """
    chosen = load_drugs() if names is None else select_drugs(names, load_drugs())
    fitting = [drug for drug in chosen if high_risk in (None, drug.is_high_risk)]
    if not fitting:
        raise InputError("No such drug", value=names, hint="Leave high_risk out.")
    return st.sampled_from(sorted(fitting, key=lambda drug: commonness()[drug.name]))


def misspellings(
    drug: Drug | str, *, max_edits: int = 2, channels: tuple[str, ...] = DEFAULT_CHANNELS
) -> SearchStrategy[Misspelling]:
    """Misspellings of a drug's generic name that are no collision.

    Shrinks towards fewest edits, then the plainest operator (deletion, transposition, doubling,
    substitution, insertion), then the most probable spelling.

    Args:
        drug: A drug, or any name.
        max_edits: Largest edit distance, at least 1.
        channels: Where they come from, see `robustness.misspellings.candidates`.

    Raises:
        InputError: The drug has no such misspelling, or a channel is unknown.
    """
    name = drug if isinstance(drug, str) else drug.name
    kept = [one for one in candidates(name, channels).kept if one.distance <= max_edits]
    if not kept:
        raise InputError(
            f"No misspelling of at most {max_edits} edits", value=name, hint="Allow more edits."
        )
    return st.sampled_from(sorted(kept, key=size_of))


def lookalike_pairs() -> SearchStrategy[tuple[Drug, Drug]]:
    """Two drugs of the table whose names are confused.

    Shrinks towards the pair whose drugs are the commonest.
    """
    by_name = {drug.name: drug for drug in load_drugs()}
    found = [
        (by_name[one.name], by_name[one.lookalike])
        for one in load_look_alikes()
        if {one.name, one.lookalike} <= by_name.keys()
    ]
    return st.sampled_from(
        sorted(found, key=lambda both: sorted(commonness()[drug.name] for drug in both))
    )


def brand_generic() -> SearchStrategy[Misspelling]:
    """A brand name (`text`) of one drug alone, for its generic name (`intended`).

    Shrinks towards the commonest drug, and among its brands the one nearest to the generic name.
    """
    found = [one for drug in load_drugs() for one in candidates(drug.name, ("naming",)).kept]
    return st.sampled_from(
        sorted(found, key=lambda one: (commonness()[one.intended], size_of(one)))
    )


def invented_drugs(*, count: int = 200, seed: int = 0) -> SearchStrategy[str]:
    """Names that look like drugs' and belong to none, see `robustness.drugs.invented_names`.

    Shrinks towards the shortest name, then the alphabet.

    Args:
        count: How many names there are to draw from, at least 1.
        seed: Decides which.

    Raises:
        InputError: The count is below 1, or more than can be invented.
    """
    if count < 1:
        raise InputError("No name to draw", value=count, hint="Give 1 or more.")
    return st.sampled_from(sorted(invented_names(count, seed), key=lambda name: (len(name), name)))


@st.composite
def pairs(
    draw: DrawFn,
    *,
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    names: tuple[str, ...] | None = None,
    seed: int = 0,
    kind: str = "",
) -> Pair:
    """Pairs: the same question with the correct and with a misspelled name.

    Shrinks towards fewest edits, the plainest operator, the most probable spelling, the commonest drug, and
    then the first question about it.

    Args:
        draw: Given by Hypothesis.
        max_edits: Largest edit distance of the misspelling, at least 1.
        channels: Where misspellings come from.
        names: Names of drugs; None for all.
        seed: Decides leaflets and phrasings.
        kind: Kind of model; ``choice`` for closed-book questions with options.
    """
    misspelling = draw(st.sampled_from(all_misspellings(max_edits, channels, names)))
    return draw(st.sampled_from(list(pairs_of(misspelling, seed, kind))))


def cases(
    *,
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    names: tuple[str, ...] | None = None,
    seed: int = 0,
    kind: str = "",
) -> SearchStrategy[Case]:
    """Cases: questions with a misspelled name. Arguments and shrinking as for `pairs`."""
    drawn = pairs(max_edits=max_edits, channels=channels, names=names, seed=seed, kind=kind)
    return drawn.map(lambda pair: pair.case)


def batches(
    *,
    max_size: int = 64,
    max_edits: int = 2,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
    names: tuple[str, ...] | None = None,
    seed: int = 0,
    kind: str = "",
) -> SearchStrategy[list[Pair]]:
    """Lists of distinct pairs, to be asked at once: ``assert_batched(qa_model, batch)``.

    Shrinks towards one pair, and that as `pairs` does.

    Args:
        max_size: Largest number of pairs, at least 1.
        max_edits: As for `pairs`, and so the others.
        channels: Where misspellings come from.
        names: Names of drugs; None for all.
        seed: Decides leaflets and phrasings.
        kind: Kind of model.

    Raises:
        InputError: The size is below 1.
    """
    if max_size < 1:
        raise InputError("No pair to draw", value=max_size, hint="Give 1 or more.")
    one = pairs(max_edits=max_edits, channels=channels, names=names, seed=seed, kind=kind)
    return st.lists(one, min_size=1, max_size=max_size, unique_by=lambda pair: pair.case.id)
