"""Whether two answers say the same, and whether an answer holds the right one.

Both look at clinical tokens without function words. Numbers and units must match exactly, words that
exclude one another (high and low, agonist and antagonist) must not be exchanged, and a negation on one
side alone is a difference. Beyond that two free texts are the same at a token-level F1 (Rajpurkar et al.
2016) of `SAME_F1`, and a longer answer holds a short right one when it has `HELD_RECALL` of its tokens.
Long words count as equal when RapidFuzz finds them alike (`SAME_WORD`) and they begin alike, so that a
typing error is no difference and hyperkalemia no hypokalemia. The thresholds were set on one half of a
hand-labelled table and checked on the other (`tests/verdicts/labelled.csv`).
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from robustness.verdicts.synonyms import units
from robustness.verdicts.text import clinical_tokens, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_F1 = 0.8
"""Least token-level F1 of two free texts that say the same."""
HELD_RECALL = 0.8
"""Least share of a right answer's tokens that an answer has which holds it."""
SAME_WORD = 88.0
"""Least similarity (0 to 100) of two long words that differ by a typing error."""
_LONG_WORD, _SAME_START = 6, 4
_NEGATION_REACH = 4
"""How many tokens before a word a negation reaches."""

_FUNCTION = frozenset(
    [
        "of",
        "for",
        "to",
        "in",
        "on",
        "with",
        "and",
        "or",
        "by",
        "is",
        "are",
        "be",
        "it",
        "its",
        "as",
        "that",
        "this",
        "these",
        "those",
        "from",
        "at",
        "into",
        "which",
        "who",
        "was",
        "were",
        "has",
        "have",
        "can",
        "used",
        "use",
        "treat",
        "treating",
        "prescribed",
        "indicated",
        "given",
        "take",
        "taken",
        "medicine",
        "medication",
        "drug",
        "agent",
        "people",
        "patient",
        "belong",
        "class",
        "called",
        "sold",
        "under",
        "name",
        "brand",
        "known",
        "helps",
        "help",
    ]
)
_LIGHT = frozenset(
    [
        "disease",
        "disorder",
        "treatment",
        "therapy",
        "management",
        "maintenance",
        "prophylaxis",
        "acute",
        "chronic",
        "severe",
        "serious",
        "major",
        "other",
        "type",
        "mellitus",
        "antibacterial",
    ]
)
"""Words that a right answer may lack, as long as it has the rest."""
_NEGATIONS = frozenset("not no never without unlike cannot neither nor".split())  # noqa: SIM905
_CLASS_PARTS = frozenset(["norepinephrine", "partial", "inverse"])
"""Words that make the name of a class another one's, by being added or left out."""
_CLASS_HEADS = frozenset(["agonist", "antagonist", "inhibitor"])
"""What the names of classes end in."""
_BINDING = frozenset(["needed", "bedtime", "meal", "breakfast"]) | _CLASS_PARTS
"""Words that narrow an answer down: it is another one without them."""
_EXCLUSIVE = tuple(
    frozenset(group.split())
    for group in (
        "high low",
        "raise lower",
        "raises lowers",
        "increase decrease",
        "before after",
        "agonist antagonist",
        "alpha beta gamma",
        "acute chronic",
        "bacterial viral fungal",
        "extended delayed immediate",
        "tablet capsule injection solution suspension cream ointment",
        "intravenous intramuscular subcutaneous oral sublingual inhalation topical transdermal rectal",
        "daily weekly monthly",
        "water food",
        "mellitus insipidus",
        "ventricular atrial",
    )
)
"""Words that exclude one another: an answer with one of a group is no answer with another."""


def token_f1(a: Sequence[str], b: Sequence[str]) -> float:
    """Token-level F1 of two answers (Rajpurkar et al. 2016), 0 to 1.

    >>> token_f1(["high", "blood", "pressure"], ["blood", "pressure"])
    0.8
    """
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b)) if shared else 0.0


@lru_cache(maxsize=65_536)
def same(a: str, b: str, names: tuple[str, ...] = ()) -> bool:
    """Whether two answers say the same.

    Args:
        a: One answer.
        b: The other one.
        names: Ways to write the drug asked about; repeating it is no part of an answer.

    >>> same("the type 2 diabetes mellitus.", "Type 2 diabetes")
    True
    >>> same("10 mg once daily", "100 mg once daily")
    False
    """
    if normalise(a) == normalise(b):
        return True
    tokens_a, tokens_b = _contents(a, b, names)
    if tokens_a == tokens_b:
        return bool(tokens_a)
    if _quantities(tokens_a) != _quantities(tokens_b) or _exclude(tokens_a, tokens_b):
        return False
    if bool(_NEGATIONS & set(tokens_a)) != bool(_NEGATIONS & set(tokens_b)):
        return False
    if _BINDING & set(tokens_a) != _BINDING & set(tokens_b):
        return False
    core_a, core_b = _core(tokens_a), _core(tokens_b)
    shared = len(_matched(core_a, core_b))
    return bool(shared) and 2 * shared / (len(core_a) + len(core_b)) >= SAME_F1


@lru_cache(maxsize=65_536)
def holds(right: str, answer: str, names: tuple[str, ...] = ()) -> bool:
    """Whether an answer, short or long, gives the right one.

    Args:
        right: The right answer, a few words.
        answer: What was answered.
        names: Ways to write the drug asked about; repeating it is no part of an answer.

    >>> holds("type 2 diabetes mellitus", "It lowers blood sugar in people with type 2 diabetes.")
    True
    >>> holds("10 mg", "Take 100 mg.")
    False
    """
    if same(right, answer, names):
        return True
    wanted, given = _contents(right, answer, names)
    if not wanted or not given or _exclude(wanted, given) or _numbers_differ(wanted, given):
        return False
    more = set(given) - set(wanted)
    if _BINDING & set(wanted) - set(given) or (_CLASS_HEADS & set(wanted) and _CLASS_PARTS & more):
        return False
    core = _core(wanted)
    matched = _matched(core, given)
    if len(matched) < HELD_RECALL * len(core):
        return False
    return bool(_NEGATIONS & set(wanted)) or not _negated(given, matched)


def _contents(a: str, b: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of two texts that say something: no function words, no name of the drug asked about.

    Where one of them is that name and nothing else, the name is what it says. It stays in both, in one
    spelling: who asks about hepparrin may be told of hepparrin.
    """
    both = _said(a, names), _said(b, names)
    if names and _said(names[0], names) in both:
        return both
    asked = {token for name in names for token in clinical_tokens(name)}
    first, second = (
        tuple(token for token in said if token not in asked) or said or clinical_tokens(text)
        for said, text in zip(both, (a, b), strict=True)
    )
    return first, second


def _said(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens of a text without function words, the drug asked about spelled as its first name is."""
    said = [token for token in clinical_tokens(text) if token not in _FUNCTION]
    whole = f" {' '.join(said)} "
    for name in names[1:]:
        written, first = (" ".join(clinical_tokens(each)) for each in (name, names[0]))
        if written:
            whole = whole.replace(f" {written} ", f" {first} ")
    return tuple(whole.split())


def _core(tokens: Sequence[str]) -> Sequence[str]:
    return [token for token in tokens if token not in _LIGHT] or tokens


def _matched(wanted: Sequence[str], given: Sequence[str]) -> list[int]:
    """Places in `given` of the tokens of `wanted`, each used once; equal ones are taken first."""
    free = dict.fromkeys(range(len(given)))
    places: list[int] = []
    rest = []
    for token in wanted:
        place = next((i for i in free if given[i] == token), None)
        if place is None:
            rest.append(token)
        else:
            del free[place]
            places.append(place)
    for token in rest:
        place = next((i for i in free if _alike(given[i], token)), None)
        if place is not None:
            del free[place]
            places.append(place)
    return places


def _alike(a: str, b: str) -> bool:
    """Whether two long words differ by a typing error at most."""
    if min(len(a), len(b)) < _LONG_WORD or a[:_SAME_START] != b[:_SAME_START]:
        return False
    return fuzz.ratio(a, b) >= SAME_WORD


def _quantities(tokens: Sequence[str]) -> Counter[tuple[str, str]]:
    """Every number with its unit, and every unit without a number."""
    found: Counter[tuple[str, str]] = Counter()
    earlier = before = ""
    for token in tokens:
        if _is_number(token):
            found[token, ""] += 1
        elif token in units():
            if _is_number(earlier) and _is_number(before):  # 5 to 10 mg
                found[earlier, token] += 1
            found[before if _is_number(before) else "", token] += 1
        earlier, before = before, token
    return found


def _numbers_differ(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Whether a quantity of the right answer is missing, or another one stands in its place.

    Further numbers do not matter unless they count in the same unit or touch a word of the right answer:
    "type 2 diabetes" is no "diabetes", while a dose beside it is.
    """
    ours, theirs = _quantities(wanted), _quantities(given)
    if ours - theirs:
        return True
    counted = {unit for _, unit in ours if unit}
    if any(unit in counted and number and (number, unit) not in ours for number, unit in theirs):
        return True
    words = set(wanted)
    for place, token in enumerate(given):
        if _is_number(token) and token not in words:
            before, after = given[place - 1 : place], given[place + 1 : place + 2]
            if (set(before) & words or set(after) & words) and not set(after) & units():
                return True
    return False


def _is_number(token: str) -> bool:
    return token[:1].isdecimal()


def _exclude(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Whether one answer has a word that excludes one of the other, and not that word itself."""
    ours, theirs = set(wanted), set(given)
    return any(
        ours & group and theirs & group and not ours & theirs & group for group in _EXCLUSIVE
    )


def _negated(tokens: Sequence[str], places: Sequence[int]) -> bool:
    first = min(places)
    return bool(_NEGATIONS & set(tokens[max(0, first - _NEGATION_REACH) : first]))
