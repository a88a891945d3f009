"""Training examples for an extractive reader: a question, a text and where the answer stands in it.

Drugs are parted once and for good into those that are trained on and those that are held out; a held-out
drug never stands in a training leaflet, not even as a neighbour, and none of its names is misspelled.
Example i of step s is drawn from (seed, s, i) alone, so a resumed run sees what an undisturbed one would
have seen, and a drug that comes again comes with another misspelling.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from robustness.drugs.invented import LONGEST, SHORTEST, invented_names, is_unlike_known
from robustness.errors import InputError
from robustness.misspellings import Misspelling
from robustness.questions import RELATIONS, Case, LeafletWriter, make_case
from robustness.tokenizers.sensitivity import single_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import Drug, LookAlike
    from robustness.models import Cut
    from robustness.questions import UserDataSource
    from robustness.tokenizers import Tokenizer
    from robustness.training.augmentation import Noise

_LETTERS = re.compile("[a-z]+")
_BEGINNINGS = (
    *("acetyl", "chloro", "deoxy", "des", "dex", "es", "fluoro", "hydro", "hydroxy", "iso", "keto"),
    *("levo", "methyl", "nor", "oxy", "pseudo"),
)
"""What generic names put before the name of a related substance."""

Question = tuple[str, Callable[[Misspelling | None], Case]]
"""The name that is misspelled, and the function that writes the case for a misspelling or, None, for none."""


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


class Questions(Protocol):
    """Where training questions come from."""

    def draw(self, rng: random.Random, seed: str) -> Question:
        """A question at random; `seed` decides what a leaflet says."""


class ExampleSource:
    """Draws examples.

    Args:
        questions: Where questions come from.
        noise: Misspells names and cuts them otherwise; None for correct names.
    """

    def __init__(self, questions: Questions, noise: Noise | None = None) -> None:
        self._questions, self._noise = questions, noise

    def draw(self, seed: str) -> Case:
        """The case of a seed, its name spelled correctly."""
        return self.example(seed, noisy=False).case

    def example(self, seed: str, *, noisy: bool = True) -> Example:
        """The example of a seed, its name misspelled as often as the noise says."""
        rng = random.Random(seed)
        name, write = self._questions.draw(rng, seed)
        clean = write(None)
        if self._noise is None or not noisy:
            return Example(clean)
        misspelling = self._noise.misspell(name, rng)
        if misspelling is None:
            return Example(clean, cut=self._noise.cut(clean, rng))
        case = write(misspelling)
        return Example(case, clean, self._noise.cut(case, rng))

    def batch(self, seed: int, step: int, size: int) -> list[Example]:
        """The examples of one step."""
        return [self.example(f"{seed}/{step}/{i}") for i in range(size)]


class LeafletQuestions:
    """Questions over leaflets made from the tables.

    Args:
        drugs: Drugs that questions are asked about.
        pool: Drugs that stand in the leaflets.
        look_alikes: Pairs that are put into each other's leaflets.
        short: Share of the leaflets that are short.
    """

    def __init__(
        self,
        drugs: Sequence[Drug],
        pool: Sequence[Drug],
        look_alikes: Sequence[LookAlike],
        *,
        short: float = 0.0,
    ) -> None:
        self._able = {one.name: [drug for drug in drugs if one.value(drug)] for one in RELATIONS}
        self._writer = LeafletWriter(pool, look_alikes)
        self._short = short

    def draw(self, rng: random.Random, seed: str) -> Question:
        """Relations are equally likely, then drugs that have such a fact."""
        relation = rng.choice(RELATIONS)
        drug = rng.choice(self._able[relation.name])
        short = bool(self._short) and rng.random() < self._short
        leaflet = self._writer.write(drug, relation, f"{seed}/leaflet", short=short)
        assert leaflet is not None, "the drug was chosen because it has this fact"
        phrasing = rng.randrange(len(relation.questions))

        def write(misspelling: Misspelling | None) -> Case:
            name = misspelling.text if misspelling else drug.name
            return make_case(drug, relation, phrasing, name, leaflet)

        return drug.name, write


class FileQuestions:
    """Questions of one's own file that stand over a context which holds the answer.

    Args:
        source: The file.
        held_out: Whether to take those about held-out drugs, or the others.
        share: Share of the drugs that is held out.

    Raises:
        InputError: There are none.
    """

    def __init__(self, source: UserDataSource, *, held_out: bool, share: float) -> None:
        self._source = source
        self._slots = [
            slot
            for slot in source.slots(None)
            if is_held_out(slot.drug.name, share) == held_out
            and source.case(slot, None).gold
            and source.case(slot, None).leaflet.answer_start >= 0
        ]
        if not self._slots:
            about = "held-out drugs" if held_out else "drugs to train on"
            raise InputError(
                f"No question about {about} with a context that holds its answer",
                where=source.file.path,
                hint="Give more questions with contexts, or change --held-out-share.",
            )

    def draw(self, rng: random.Random, seed: str) -> Question:  # noqa: ARG002  # as for leaflets
        """Rows are equally likely."""
        slot = rng.choice(self._slots)
        return slot.name, partial(self._source.case, slot)


def with_more_names(drugs: Sequence[Drug], count: int, words: Sequence[str] = ()) -> list[Drug]:
    """Drugs, and further ones that have the facts of one of them under a name that no drug has.

    A few hundred names can be learned by heart; thousands have to be compared letter by letter. Names are
    of three kinds, a third each:

    - invented ones;
    - invented ones that are a longer form of another (as *testosterone* stands in *methyltestosterone*):
      who looks only for pieces that occur cannot tell the two apart;
    - words that the tokenizer knows whole (as it knows *testosterone*): a misspelling shares no piece with
      them, so the reader has to learn how a piece is spelled.

    All are far from every known name, so nothing of the held-out drugs is learned.

    Args:
        drugs: The drugs to train on.
        count: How many further ones.
        words: Words to draw from; invented names stand in where they run out.

    Returns:
        `drugs`, then the further ones; the same arguments give the same result.
    """
    rng = random.Random("more names")
    whole = [word for word in rng.sample(words, len(words)) if is_unlike_known(word)][: count // 3]
    names = invented_names(count - count // 3 - len(whole), seed=0)
    longer: dict[str, None] = {}
    while len(longer) < count // 3:
        name = rng.choice(_BEGINNINGS) + rng.choice(names)
        if is_unlike_known(name):
            longer[name] = None
    further = (*names, *longer, *whole)
    return [*drugs, *(replace(rng.choice(drugs), name=name, brands=()) for name in further)]


def whole_words(tokenizer: Tokenizer) -> list[str]:
    """Words that are a single piece of a vocabulary and as long as drugs' names are, in order of their ids."""
    able = (piece for piece in tokenizer.vocabulary.pieces if _LETTERS.fullmatch(piece))
    words = [word for word in able if SHORTEST <= len(word) <= LONGEST]
    return single_pieces(tokenizer, words)
