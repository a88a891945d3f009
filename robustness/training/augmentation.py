"""Misspell and cut the names of training questions, as people misspell and as no tokenizer cuts.

The noisy channel is fitted again without the held-out drugs, so that nothing of their misspellings is
learned. Random cuts are the idea of BPE-dropout (Provilkov et al. 2020), for any vocabulary: among all
cuts with nearly as many pieces one is drawn.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from robustness.drugs import load_drugs, load_known_names
from robustness.misspellings import load_observed, rank
from robustness.misspellings.channels.registry import draw_through
from robustness.misspellings.noisy_channel.fitting import fit
from robustness.models import Cut
from robustness.tokenizers.segmentation import resegment, stretch

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Sequence

    from robustness.misspellings import Misspelling
    from robustness.misspellings.noisy_channel import NoisyChannel
    from robustness.questions import Case
    from robustness.tokenizers import Tokenizer
    from robustness.training.options import TrainingOptions

_RANKED = 60
"""How many of the most probable misspellings of a name are drawn from."""
_LEARNED = ("observed", "noisy")


class Noise:
    """Draws how a name is written and cut.

    Args:
        options: Share, edits and channels.
        held_out: Names of the drugs whose misspellings must not be learned.
        cutter: The model's tokenizer, for other cuts.
        channel: The noisy channel. Default: one that is fitted without the held-out drugs, which takes
            about a minute.
    """

    def __init__(
        self,
        options: TrainingOptions,
        held_out: Collection[str],
        cutter: Tokenizer | None,
        *,
        channel: NoisyChannel | None = None,
    ) -> None:
        self._options = options
        self._observed = {
            name: group for name, group in load_observed().items() if not _of_any(name, held_out)
        }
        self._channel = channel
        if channel is None and "noisy" in options.noise_channels:
            names = [drug.name for drug in load_drugs() if drug.name not in held_out]
            self._channel = fit(self._observed, names)
        self._tokenizer = cutter if options.resegment else None
        self._misspellings = cache(self._find)

    def misspell(self, name: str, rng: random.Random) -> Misspelling | None:
        """One of the name's misspellings, as often as the share says; None for the name as it is."""
        if self._options.noise == "none" or rng.random() >= self._options.noise_share:
            return None
        channels = self._options.noise_channels
        by_channel = [one for channel in channels if (one := self._misspellings(name, channel))]
        if not by_channel:
            return None
        found = rng.choice(by_channel)
        return rng.choices(found, [one.probability or 1.0 for one in found])[0]

    def cut(self, case: Case, rng: random.Random) -> Cut | None:
        """Another cut of the name in the question, as often as the share says and where there is one."""
        if self._tokenizer is None or rng.random() >= self._options.resegment:
            return None
        start = case.question.find(case.name)
        own = stretch(self._tokenizer, case.question, start, start + len(case.name))
        if own is None:
            return None
        pieces = len(own.ids) + rng.choice((0, 0, 1, 1, 2))
        ids = resegment(self._tokenizer, own.ids, pieces=pieces, seed=str(rng.random()))
        return Cut(own.start, own.end, ids) if ids else None

    def _find(self, name: str, channel: str) -> Sequence[Misspelling]:
        """The misspellings of a name through one channel, none a collision, none with too many edits."""
        if channel == "observed":
            known = load_known_names()
            found: Sequence[Misspelling] = [
                one
                for one in self._observed.get(name, ())
                if known.is_another_drug(one.text, name) is None
            ]
        elif channel == "noisy":
            found = rank(name, _RANKED, channel=self._channel)
        else:
            found = draw_through(channel, name, limit=_RANKED).kept
        if channel not in _LEARNED:
            return found  # their edits are of another kind: a homoglyph, a space
        return [one for one in found if one.distance <= self._options.noise_edits]


def _of_any(name: str, drugs: Collection[str]) -> bool:
    """Whether a name, generic or brand, is one of these drugs'."""
    known = load_known_names()
    return name in drugs or any(known.substances(name) & known.substances(one) for one in drugs)
