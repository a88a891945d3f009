"""Training examples for an extractive reader: a question, a leaflet and where the answer stands.

Drugs are parted once and for good into those that are trained on and those that are held out; a held-out
drug never stands in a training leaflet, not even as a neighbour, and none of its names is misspelled.
Example i of step s is drawn from (seed, s, i) alone, so a resumed run sees what an undisturbed one would
have seen, and a drug that comes again comes with another misspelling.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from robustness.drugs import load_known_names
from robustness.questions import RELATIONS, Case, LeafletWriter, make_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.drugs import Drug, LookAlike
    from robustness.hardening.noise import Noise
    from robustness.models import Cut

_SHORTEST, _LONGEST = 5, 16
_APART = 3
"""How many edits at least lie between an additional name and every held-out one."""


def is_held_out(name: str, share: float) -> bool:
    """Whether a drug is kept from training: a hash of its name decides, so tables may grow.

    >>> is_held_out("metformin", 0.0), is_held_out("metformin", 1.0)
    (False, True)
    """
    digest = hashlib.sha256(f"held out/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


@dataclass(frozen=True, slots=True)
class Example:
    """What is trained on: a case, and the same case with the correct name where it is misspelled."""

    case: Case
    clean: Case | None = None
    """The question with the correct name; None where `case` has it."""
    cut: Cut | None = None
    """Another way to cut the name into tokens."""


class ExampleSource:
    """Draws examples.

    Args:
        drugs: Drugs that questions are asked about.
        pool: Drugs that stand in the leaflets.
        look_alikes: Pairs that are put into each other's leaflets.
        noise: Misspells names and cuts them otherwise; None for correct names.
    """

    def __init__(
        self,
        drugs: Sequence[Drug],
        pool: Sequence[Drug],
        look_alikes: Sequence[LookAlike],
        noise: Noise | None = None,
    ) -> None:
        self._able = {one.name: [drug for drug in drugs if one.value(drug)] for one in RELATIONS}
        self._writer = LeafletWriter(pool, look_alikes)
        self._noise = noise

    def draw(self, seed: str) -> Case:
        """The case of a seed; relations are equally likely, then drugs that have such a fact."""
        return self.example(seed, noisy=False).case

    def example(self, seed: str, *, noisy: bool = True) -> Example:
        """The example of a seed, its name misspelled as often as the noise says."""
        rng = random.Random(seed)
        relation = rng.choice(RELATIONS)
        drug = rng.choice(self._able[relation.name])
        leaflet = self._writer.write(drug, relation, f"{seed}/leaflet")
        assert leaflet is not None, "the drug was chosen because it has this fact"
        phrasing = rng.randrange(len(relation.questions))
        clean = make_case(drug, relation, phrasing, drug.name, leaflet)
        if self._noise is None or not noisy:
            return Example(clean)
        written = self._noise.write(drug.name, rng)
        if written == drug.name:
            return Example(clean, cut=self._noise.cut(clean, rng))
        case = make_case(drug, relation, phrasing, written, leaflet)
        return Example(case, clean, self._noise.cut(case, rng))

    def batch(self, seed: int, step: int, size: int) -> list[Example]:
        """The examples of one step."""
        return [self.example(f"{seed}/{step}/{i}") for i in range(size)]


def with_more_names(drugs: Sequence[Drug], held_out: Iterable[str], count: int) -> list[Drug]:
    """Drugs, and further ones that have the facts of one of them under another known name.

    A few hundred names can be learned by heart; thousands have to be compared letter by letter. No
    further name is, or is within two edits of, a name of a held-out drug.

    Args:
        drugs: The drugs to train on.
        held_out: Names, generic and brand, of the held-out drugs.
        count: How many further ones at most.

    Returns:
        `drugs`, then the further ones; the same names give the same drugs.
    """
    kept = sorted({name.lower() for name in held_out})
    taken = {drug.name for drug in drugs}
    plain = [
        name
        for name in load_known_names().names
        if name.isascii()
        and name.isalpha()
        and _SHORTEST <= len(name) <= _LONGEST
        and name not in taken
    ]
    plain.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
    far = []
    for name in plain:
        if len(far) == count:
            break
        if process.extractOne(name, kept, scorer=OSA.distance, score_cutoff=_APART - 1) is None:
            far.append(name)
    rng = random.Random("more names")
    return [*drugs, *(replace(rng.choice(drugs), name=name, brands=()) for name in far)]
