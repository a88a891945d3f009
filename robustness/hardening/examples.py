"""Training examples for an extractive reader: a question, a leaflet and where the answer stands.

Drugs are parted once and for good into those that are trained on and those that are held out; a held-out
drug never stands in a training leaflet, not even as a neighbour. Example i of step s is drawn from (seed,
s, i) alone, so a resumed run sees what an undisturbed one would have seen.
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

from robustness.questions import RELATIONS, Case, LeafletWriter, make_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug, LookAlike


def is_held_out(name: str, share: float) -> bool:
    """Whether a drug is kept from training: a hash of its name decides, so tables may grow.

    >>> is_held_out("metformin", 0.0), is_held_out("metformin", 1.0)
    (False, True)
    """
    digest = hashlib.sha256(f"held out/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


class ExampleSource:
    """Draws cases with correct names.

    Args:
        drugs: Drugs that questions are asked about.
        pool: Drugs that stand in the leaflets.
        look_alikes: Pairs that are put into each other's leaflets.
    """

    def __init__(
        self, drugs: Sequence[Drug], pool: Sequence[Drug], look_alikes: Sequence[LookAlike]
    ) -> None:
        self._drugs = tuple(drugs)
        self._writer = LeafletWriter(pool, look_alikes)

    def draw(self, seed: str) -> Case:
        """The case of a seed; relations are equally likely, then drugs that have such a fact."""
        rng = random.Random(seed)
        relation = rng.choice(RELATIONS)
        drug = rng.choice([drug for drug in self._drugs if relation.value(drug)])
        leaflet = self._writer.write(drug, relation, f"{seed}/leaflet")
        assert leaflet is not None, "the drug was chosen because it has this fact"
        return make_case(drug, relation, rng.randrange(len(relation.questions)), drug.name, leaflet)

    def batch(self, seed: int, step: int, size: int) -> list[Case]:
        """The examples of one step."""
        return [self.draw(f"{seed}/{step}/{i}") for i in range(size)]
