"""How planted models read: what is asked, which name is recognised, what the leaflet states about it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rapidfuzz.distance import OSA

from robustness.misspellings.channels.unicode import HOMOGLYPHS
from robustness.questions.relation import RELATIONS

_UNMASKED = {ord(glyph): letter for letter, glyphs in HOMOGLYPHS.items() for glyph in glyphs}


def asked(question: str) -> tuple[str, str]:
    """Relation and drug name of a question in one of the known phrasings, else two empty strings."""
    for relation, pattern in _patterns("questions"):
        match = pattern.fullmatch(question)
        if match:
            return relation, match["drug"].lower()
    return "", ""


def recognised(name: str, known: dict[str, str], context: str) -> str:
    """The known drug that a name is meant for, or the name itself when it is far from all of them.

    It sees through look-alike characters, letters set otherwise, something glued on, two edits or a third of
    the letters, and brand names that the context tells.
    """
    plain = legible(name)
    brands = {legible(brand): drug for drug, brand in _facts(context, "brand")}
    if brands.get(plain) in known:
        return brands[plain]
    letters = {drug: legible(drug) for drug in known}
    nearest = min(known, key=lambda drug: OSA.distance(letters[drug], plain))
    glued = [drug for drug in known if letters[drug] in plain]
    distance = OSA.distance(letters[nearest], plain)
    if glued and distance > 2:
        return max(glued, key=len)
    return nearest if distance <= max(2, len(plain) // 3) else name


def legible(name: str) -> str:
    r"""The letters and digits of a name as they look: marks, invisible and look-alike characters undone.

    >>> legible("met\u200bf\u043er-\nmin"), legible("m\u00e9tformin")
    ('metformin', 'metformin')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_UNMASKED)).casefold()
    return "".join(char for char in plain.translate(_UNMASKED) if char.isalnum())


def stated(context: str, relation: str) -> dict[str, str]:
    """What a leaflet states of one kind of fact, by drug, in the order of the text."""
    found: dict[str, str] = {}
    for drug, value in _facts(context, relation):
        found.setdefault(drug, value)
    return found


def _facts(context: str, relation: str) -> list[tuple[str, str]]:
    """Drug and value of every sentence that states one kind of fact."""
    sentences = [sentence.strip() for sentence in re.findall(r".+?\.(?= [A-Z]|$)", context)]
    patterns = [pattern for name, pattern in _patterns("sentences") if name == relation]
    found = [
        next((match for pattern in patterns if (match := pattern.fullmatch(sentence))), None)
        for sentence in sentences
    ]
    return [(match["drug"].lower(), match["value"]) for match in found if match]


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each relation's phrasings as patterns with the groups ``drug`` and ``value``."""
    groups = {"drug": "(?P<drug>.+?)", "value": "(?P<value>.+)"}
    return tuple(
        (
            relation.name,
            re.compile(
                re.sub(r"\\{(\w+)\\}", lambda m: groups[m[1]], re.escape(phrasing)),
                re.IGNORECASE | re.DOTALL,
            ),
        )
        for relation in RELATIONS
        for phrasing in getattr(relation, kind)
    )
