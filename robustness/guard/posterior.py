"""What a word was meant to be: the posterior over drugs, other English words and words that nobody knows.

Bayes' rule over a noisy channel (Kernighan, Church and Gale 1990). A drug's prior is how common it is, raised
when the rest of the prompt names it; an English word's is its frequency; an unknown word (a drug of which no table
knows, a person) gets a probability that falls with its length, because a long word is seldom near a name by
chance. For what is done about a posterior see `decision`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.guard.candidate_names import Candidate, NameIndex
    from robustness.guard.confusions import ConfusionModel
    from robustness.guard.english import EnglishWords

FEW = 3
"""How many other words are looked at, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the posterior. Chosen by ``benchmarks/guard.py --choose`` on one half of the drugs."""

    drug: float = math.log(1e-6)
    """Log of an uncommon name's share of the misspelled words of a question."""
    word: float = math.log(0.02)
    """Log of how much more seldom another word is misspelled than a drug's name."""
    itself: float = math.log(0.2)
    """Log of how much more seldom a word of the frequency list alone is right than a name misspelled."""
    unknown: float = math.log(3e-4)
    """Log of the share of words of which no list knows."""
    letter: float = -2.5
    """Log-probability of one letter of such a word."""
    context: float = math.log(30.0)
    """Log of how much more probable a drug is that the rest of the prompt names."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A drug that may have been meant, with its most probable name."""

    best: Candidate
    probability: float
    """Posterior of the drug: of all its names together."""
    in_context: bool
    """Whether the rest of the prompt names it."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """The drugs that may have been meant, the most probable first."""

    drugs: tuple[Hypothesis, ...]

    @property
    def drug(self) -> float:
        """Probability that a drug was meant at all."""
        return sum(one.probability for one in self.drugs)


def posterior(
    key: str,
    candidates: Sequence[Candidate],
    *,
    channel: ConfusionModel,
    words: EnglishWords,
    names: NameIndex,
    weights: Weights,
    named: Iterable[frozenset[str]] = (),
) -> Posterior:
    """The posterior of a word that is neither a known name nor an English word.

    Args:
        key: The word, normalised.
        candidates: Names within reach, at least one.
        channel: How names are misspelled.
        words: How often English words occur.
        names: All names; a word that is one is no other word.
        weights: Constants.
        named: Substances of the drugs that the rest of the prompt names.
    """
    mentioned = list(named)
    scored: dict[frozenset[str], list[tuple[float, Candidate]]] = {}
    for one in candidates:
        score = weights.drug + math.log(one.prior) + channel.log_probability(key, one.key)
        score += weights.context * _is_named(one.substances, mentioned)
        scored.setdefault(one.substances, []).append((score, one))
    rivals = [
        weights.unknown + weights.letter * len(key),
        weights.word + _log_other_word(key, channel, words, names),
        weights.itself + words.log_frequency(key),
    ]
    every = [score for group in scored.values() for score, _ in group] + rivals
    top = max(every)
    total = sum(math.exp(score - top) for score in every)
    drugs = [
        Hypothesis(
            max(group, key=lambda each: (each[0], each[1].key))[1],
            sum(math.exp(score - top) for score, _ in group) / total,
            _is_named(substances, mentioned),
        )
        for substances, group in scored.items()
    ]
    return Posterior(tuple(sorted(drugs, key=lambda one: (-one.probability, one.best.key))))


def _log_other_word(
    key: str, channel: ConfusionModel, words: EnglishWords, names: NameIndex
) -> float:
    """Log-probability that a word is an English word with one edit; minus infinity for none."""
    near = [(words.log_frequency(word), word) for word in words.one_edit_away(key) - names.keys]
    scores = [f + channel.log_probability(key, word) for f, word in nlargest(FEW, near)]
    top = max(scores, default=-math.inf)
    return top + math.log(sum(math.exp(score - top) for score in scores)) if scores else top


def _is_named(substances: frozenset[str], named: Sequence[frozenset[str]]) -> bool:
    return any(substances & one for one in named)
