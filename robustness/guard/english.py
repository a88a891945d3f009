"""Ordinary English words: what a guard leaves alone, and what a slip in another word was meant to be.

From two packages: `wordfreq` says how often words occur, names of people and places among them; the dictionaries
of `english-words` (Webster's Second and GCIDE) add rare ones. Frequent lists hold common slips too
("benedryl"), so that a word that stands in `wordfreq` alone is believed only as far as its frequency goes. Nothing of
either package is shipped here.
"""

from __future__ import annotations

import math
from functools import cache
from string import ascii_lowercase

from robustness.errors import MissingPackageError

FLOOR = 2e-8
"""Frequency of a word of the dictionaries of which none is known."""
COMMON = 1e-7
"""A word that occurs so often is certain."""

ENDINGS = ("s", "es", "d", "ed", "ing", "ly")
SHORTEST_STEM = 4


class EnglishWords:
    """English words and how often they occur.

    Args:
        dictionary: Words that are certain, in lower case.
        frequencies: Share of all running words, by word in lower case.
    """

    def __init__(self, dictionary: frozenset[str], frequencies: dict[str, float]) -> None:
        self.dictionary = dictionary
        self._frequencies = frequencies

    def log_frequency(self, word: str) -> float:
        """Natural logarithm of a word's share of running text; minus infinity for no word."""
        least = FLOOR if word in self.dictionary else 0.0
        frequency = max(self._frequencies.get(word, 0.0), least)
        return math.log(frequency) if frequency else -math.inf

    def inflects(self, text: str) -> bool:
        """Whether a text is a word of the dictionary with an ending of English grammar."""
        stems = (text.removesuffix(ending) for ending in ENDINGS if text.endswith(ending))
        return any(len(stem) >= SHORTEST_STEM and stem in self.dictionary for stem in stems)

    def one_edit_away(self, text: str) -> set[str]:
        """The words of the dictionary that are one edit from a text."""
        cuts = [(text[:k], text[k:]) for k in range(len(text) + 1)]
        found = {head + tail[1:] for head, tail in cuts if tail}
        found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
        found |= {head + new + tail[1:] for head, tail in cuts if tail for new in ascii_lowercase}
        found |= {head + new + tail for head, tail in cuts for new in ascii_lowercase}
        return (found & self.dictionary) - {text}


@cache
def load_words() -> EnglishWords:
    """The words of both packages.

    Raises:
        MissingPackageError: One of the packages is missing.
    """
    try:
        from english_words import get_english_words_set
        from wordfreq import get_frequency_dict
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"The guard needs the package {error.name}",
            hint="Install it: pip install 'medqa-robustness[guard]'",
        ) from error
    frequencies = get_frequency_dict("en", wordlist="large")
    common = {word for word, frequency in frequencies.items() if frequency >= COMMON}
    rare = get_english_words_set(["web2", "gcide"], alpha=True, lower=True)
    return EnglishWords(frozenset(rare | common), frequencies)
