"""The X-ray of a tokenizer in numbers with intervals, for ``audit.json`` and for comparing tokenizers.

Stability is the mean Jaccard index of the pieces of a name and the pieces of its misspelling: 1 when every
piece is kept, 0 when none is. Intervals are those of a mean of clustered values: all misspellings of one
drug count together (linearised variance, Student's t with drugs less one degrees of freedom).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.tokenizers import CHANGES, xray
from robustness.tokenizers.sensitivity import one_piece_apart, sensitivities, single_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from robustness.drugs import LookAlike
    from robustness.tokenizers import Tokenizer, XRay

MOST_LISTED = 20
"""How many names or pairs a list holds at most; separate counts say how many there are."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A name and one misspelling of it, for the X-ray."""

    name: str
    misspelling: str
    channel: str
    edits: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with what it rests on."""

    estimate: float
    low: float
    high: float
    n: int
    """Number of values."""
    clusters: int
    """Number of drugs."""


def clustered_mean(
    values: NDArray[np.float64], clusters: Sequence[str], *, confidence: float = 0.95
) -> Mean:
    """The mean of clustered values with its interval; the interval of one cluster is all of 0 to 1.

    Args:
        values: One value a misspelling, 0 to 1, at least one.
        clusters: The drug of each.
        confidence: Coverage of the interval, 0 to 1.
    """
    from scipy.stats import t

    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    n, groups, mean = len(values), int(index.max()) + 1, float(values.mean())
    if groups == 1:
        return Mean(mean, 0.0, 1.0, n, 1)
    totals = np.bincount(index, weights=values - mean)
    error = float(np.sqrt(groups / (groups - 1) * (totals @ totals))) / n
    reach = float(t.ppf((1 + confidence) / 2, groups - 1)) * error
    return Mean(mean, max(0.0, mean - reach), min(1.0, mean + reach), n, groups)


def summarise(
    tokenizer: Tokenizer,
    specimens: Sequence[Specimen],
    names: Sequence[str],
    look_alikes: Sequence[LookAlike],
) -> dict[str, Any]:
    """X-ray a tokenizer and put the numbers together.

    Args:
        tokenizer: What to look at.
        specimens: Names with misspellings, at least one.
        names: Correct names; those of the specimens and any others.
        look_alikes: Pairs of names that are easily confused.

    Returns:
        Numbers and short lists by name, ready for JSON. ``worst_names`` are the least stable ones.
    """
    found = xray(tokenizer, [(one.name, one.misspelling) for one in specimens])
    listed = [(pair.name, pair.lookalike) for pair in look_alikes]
    tall_man = {pair.name: pair.tall_man for pair in look_alikes}
    tall_man |= {pair.lookalike: pair.lookalike_tall_man for pair in look_alikes}
    single = single_pieces(tokenizer, names)
    apart = one_piece_apart(tokenizer, listed)
    whims = sensitivities(tokenizer, names, tall_man)
    return {
        **_numbers(found, specimens),
        "vocabulary": len(tokenizer.vocabulary),
        "family": tokenizer.vocabulary.family,
        "stability": _stability(found, specimens, lambda _: "all")["all"],
        "stability_by": {
            "channel": _stability(found, specimens, lambda one: one.channel),
            "edits": _stability(found, specimens, lambda one: _edits(one.edits)),
        },
        "changes": {
            kind: float((found.change == code).mean()) for code, kind in enumerate(CHANGES)
        },
        "sensitivity": {kind: asdict(each) for kind, each in whims.items()},
        "collision_count": len(found.collisions),
        "collisions": [list(pair) for pair in found.collisions[:MOST_LISTED]],
        "single_piece_count": len(single),
        "single_pieces": single[:MOST_LISTED],
        "one_piece_apart_count": len(apart),
        "one_piece_apart": [list(pair) for pair in apart[:MOST_LISTED]],
        "worst_names": _worst(found, specimens),
    }


def _numbers(found: XRay, specimens: Sequence[Specimen]) -> dict[str, Any]:
    first_of_name = {one.name: place for place, one in enumerate(specimens)}
    fertility = found.pieces_correct[list(first_of_name.values())]
    most = np.maximum(found.pieces_correct, 1)
    return {
        "pairs": len(specimens),
        "fertility_correct": float(fertility.mean()),
        "fertility_misspelled": float(found.pieces_misspelled.mean()),
        "characters_per_piece": float(
            found.characters.sum() / max(1, found.pieces_misspelled.sum())
        ),
        "more_tokens": float((found.pieces_misspelled > found.pieces_correct).mean()),
        "first_piece_kept": float(found.first_kept.mean()),
        "common_prefix": float((found.common_prefix / most).mean()),
        "common_suffix": float((found.common_suffix / most).mean()),
        "same_ids": float(found.same_ids.mean()),
        "strange_pieces": float((found.strange > 0).mean()),
        "round_trip_loss": float(found.lost.mean()),
        "misplaced_offsets": float(found.misplaced.mean()),
    }


def _stability(found: XRay, specimens: Sequence[Specimen], value_of: Any) -> dict[str, Any]:
    groups: dict[str, list[int]] = {}
    for place, one in enumerate(specimens):
        groups.setdefault(value_of(one), []).append(place)
    return {
        value: asdict(
            clustered_mean(found.jaccard[places], [specimens[place].name for place in places])
        )
        for value, places in sorted(groups.items())
    }


def _edits(edits: int) -> str:
    return str(edits) if edits < 3 else "3 or more"


def _worst(found: XRay, specimens: Sequence[Specimen]) -> list[dict[str, Any]]:
    places: dict[str, list[int]] = {}
    for place, one in enumerate(specimens):
        places.setdefault(one.name, []).append(place)
    rows = [
        {
            "name": name,
            "stability": float(found.jaccard[own].mean()),
            "pieces": int(found.pieces_correct[own[0]]),
            "misspellings": len(own),
        }
        for name, own in places.items()
    ]
    return sorted(rows, key=lambda row: (row["stability"], row["name"]))[:MOST_LISTED]
