"""What dictation makes of a name: words split at syllables, and words that sound like the syllables.

``met formin``, ``met forming``, ``met four min``. Syllables are cut by the maximal onset principle (Kahn
1976) on letters, not on sounds; the words are a small table of English words that sound like, or nearly
like, common syllables of drug names (own compilation). No audio, and no pronouncing dictionary: most drug
names are in none.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from robustness.misspellings.channels.channel import Channel, Spelling, recase

if TYPE_CHECKING:
    from collections.abc import Iterator

ONSETS = frozenset(
    [
        "bl",
        "br",
        "ch",
        "cl",
        "cr",
        "dr",
        "fl",
        "fr",
        "gl",
        "gr",
        "ph",
        "pl",
        "pr",
        "ps",
        "qu",
        "rh",
        "sc",
        "sh",
        "sk",
        "sl",
        "sm",
        "sn",
        "sp",
        "st",
        "sw",
        "th",
        "tr",
        "tw",
        "wh",
        "str",
    ]
)
"""Groups of consonants that may begin a syllable."""

WORDS = {
    "al": "all",
    "am": "ham",
    "ate": "eight",
    "bar": "bare",
    "be": "bee",
    "ben": "bend",
    "bu": "boo",
    "by": "buy",
    "cef": "chef",
    "ci": "sigh",
    "cil": "sill",
    "cin": "sin",
    "cy": "sigh",
    "da": "the",
    "di": "die",
    "dine": "dean",
    "do": "dough",
    "dol": "doll",
    "dox": "docks",
    "fen": "fan",
    "flu": "flew",
    "for": "four",
    "gli": "glee",
    "hy": "high",
    "in": "inn",
    "la": "law",
    "lam": "lamb",
    "le": "lay",
    "li": "lee",
    "lin": "lynn",
    "lo": "low",
    "lol": "loll",
    "ma": "mar",
    "mab": "mob",
    "mide": "mid",
    "min": "men",
    "mine": "mean",
    "mo": "mow",
    "na": "nah",
    "ni": "knee",
    "nib": "nip",
    "no": "know",
    "nol": "null",
    "pa": "pah",
    "pam": "palm",
    "phen": "fen",
    "pine": "peen",
    "po": "poe",
    "pra": "pray",
    "pril": "prill",
    "ra": "raw",
    "ri": "rye",
    "rin": "ring",
    "ro": "row",
    "sa": "saw",
    "se": "say",
    "ser": "sir",
    "tin": "ten",
    "to": "two",
    "tor": "tore",
    "tri": "try",
    "va": "vow",
    "ve": "vee",
    "vir": "veer",
    "zide": "side",
    "zo": "so",
    "zole": "soul",
}
"""Words that a recogniser may write for a syllable."""

_ENDS = {"in": "ing", "ine": "in", "an": "and", "on": "own", "ol": "all", "er": "or", "ir": "ear"}
_FEWEST_LETTERS = 2


def syllables(name: str) -> tuple[str, ...]:
    """The syllables of a name; together they spell it.

    >>> syllables("metformin"), syllables("lisinopril"), syllables("fluoxetine")
    (('met', 'for', 'min'), ('li', 'si', 'no', 'pril'), ('fluo', 'xe', 'tine'))
    """
    cuts = []
    for between in re.finditer(r"(?<=[aeiouy])[b-df-hj-np-tv-xz]+(?=[aeiouy])", name.lower()):
        if between.end() == len(name) - 1 and name[-1].lower() == "e":
            continue  # a final e is silent
        cuts.append(between.end() - _onset(between.group()))
    edges = [0, *cuts, len(name)]
    return tuple(name[a:b] for a, b in pairwise(edges))


def _onset(consonants: str) -> int:
    return next((n for n in (3, 2) if consonants[-n:] in ONSETS and len(consonants) >= n), 1)


def _spell(name: str) -> Iterator[Spelling]:
    if len(name.lower()) != len(name):
        return
    parts = syllables(name)
    inner = range(1, len(parts))
    for count in (1, 2):
        for cuts in combinations(inner, count):
            yield from _spoken(name, _joined(parts, cuts))
    yield from _ended(name, name.lower(), "sound-alike ending")


def _joined(parts: tuple[str, ...], cuts: tuple[int, ...]) -> list[str]:
    edges = [0, *cuts, len(parts)]
    return ["".join(parts[a:b]) for a, b in pairwise(edges)]


def _spoken(name: str, words: list[str]) -> Iterator[Spelling]:
    if any(len(word.strip()) < _FEWEST_LETTERS for word in words):
        return
    yield Spelling(" ".join(words), "split at a syllable")
    lower = [word.lower() for word in words]
    yield from _ended(name, " ".join(lower), "split, sound-alike ending")
    heard = [WORDS.get(word, word) for word in lower]
    changed = [i for i, word in enumerate(heard) if word != lower[i]]
    for i in changed:
        text = " ".join([*lower[:i], heard[i], *lower[i + 1 :]])
        yield Spelling(recase(name, text), "split, homophone")
    if len(changed) > 1:
        yield Spelling(recase(name, " ".join(heard)), "split, homophones")


def _ended(name: str, text: str, operator: str) -> Iterator[Spelling]:
    for end, heard in _ENDS.items():
        if text.endswith(end):
            yield Spelling(recase(name, text[: -len(end)] + heard), operator)


CHANNEL = Channel(
    name="speech",
    description="what dictation hears: split at syllables, words that sound alike",
    spell=_spell,
    equiprobable=False,
)
