"""Answers as they are compared: normalised as in SQuAD, and as clinical tokens.

`normalise` is SQuAD's (Rajpurkar et al. 2016): case, articles, punctuation and white space do not count;
Unicode compatibility forms are folded first. `clinical_tokens` goes further: "500mg b.i.d.", "500 mg twice
a day" and "500 milligrams BID" are the same tokens; so are 1,000 and 1000, .5 and 0.5, "two tablets" and
"2 tabs", oedema and edema, and singular and plural. Nothing here decides whether two answers agree.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from robustness.verdicts.synonyms import canonical, units

LONGEST = 20_000
"""Characters of an answer that are looked at; more is no answer to a short question."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_GREEK = str.maketrans({"α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta "})  # noqa: RUF001
_BRITISH = (
    ("haem", "hem"),
    ("aemi", "emi"),
    ("oede", "ede"),
    ("oeso", "eso"),
    ("rrhoe", "rrhe"),
    ("paed", "ped"),
    ("foet", "fet"),
    ("gynaec", "gynec"),
    ("tumour", "tumor"),
    ("colour", "color"),
    ("goitre", "goiter"),
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    )
}
_PER = re.compile(r"(?<=[a-z0-9])\s*/\s*(?=(?:\d+\s*)?(?:kg|ml|l|min|hour|hr|h|day|d|dose|week)\b)")


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """An answer as SQuAD compares it: folded, without articles and punctuation.

    >>> normalise("The  Heparin-induced thrombocytopenia!")
    'heparin induced thrombocytopenia'
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    letters = "".join(char if char.isalnum() or char == "." else " " for char in folded)
    spaced = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", letters)
    return " ".join(_ARTICLES.sub(" ", spaced).split())


@lru_cache(maxsize=65_536)
def clinical_tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of an answer, each in one form.

    >>> clinical_tokens("Take 1,000 µg b.i.d.")
    ('take', '1000', 'mcg', '2', 'time', 'daily')
    >>> clinical_tokens("0.50mg/kg") == clinical_tokens(".5 milligrams per kilogram")
    True
    """
    folded = text[:LONGEST].replace("\u00b5g", "mcg").replace("\u03bcg", "mcg")
    folded = unicodedata.normalize("NFKC", folded).casefold().translate(_GREEK)
    folded = _numbers_apart(re.sub(r"\bisn['\u2019]t\b|n['\u2019]t\b", " not", folded))
    folded = _PER.sub(" per ", folded).replace("%", " percent ")
    for british, american in _BRITISH:
        folded = folded.replace(british, american)
    letters = "".join(char if char.isalnum() or char == "." else " " for char in folded)
    spaced = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", letters)
    words = canonical(" ".join(_counted(spaced.split())))
    return tuple(map(_singular, _ARTICLES.sub(" ", words).split()))


def _numbers_apart(text: str) -> str:
    """Numbers in one form, and apart from the unit behind them."""
    text = re.sub(r"(?<=\d)[, \u202f](?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(?<![\d.a-z])\.(?=\d)", "0.", text)
    text = re.sub(r"(\d)\.(\d*?)0+(?!\d)", _without_zeros, text)
    return re.sub(r"(?<![a-z\d.])(\d+(?:\.\d+)?)(?=[a-z])", r"\1 ", text)


def _without_zeros(match: re.Match[str]) -> str:
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def _counted(words: list[str]) -> list[str]:
    """Number words become digits where they count something; "one of the" stays."""
    counted = units() | {"time"}
    found: list[str] = []
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        if rest[1:] and rest[0] in ("to", "or"):  # four to six hours
            rest = rest[2:]
        counts = bool(rest) and _singular(canonical(rest[0])) in counted
        found.append(_NUMBER_WORDS.get(word, word) if counts else word)
    return found


def _singular(word: str) -> str:
    """A word without the ending of a plural, as far as comparing needs it."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    if len(word) > 4 and word.endswith("oses"):
        return word[:-2] + "is"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
