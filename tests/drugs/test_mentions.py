from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustness.drugs import NameFinder, load_drugs, load_finder, load_known_names
from robustness.drugs.mentions import CAPITALISED, EVERYDAY

FINDER = load_finder()


def naive(names: list[str], text: str) -> list[tuple[int, int, str]]:
    """The definition, by a regular expression: from the left, the longest whole word first."""
    ordered = sorted(names, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![^\W_])(?:" + "|".join(map(re.escape, ordered)) + r")(?![^\W_])", re.IGNORECASE
    )
    return [(m.start(), m.end(), m[0].lower()) for m in pattern.finditer(text)]


def found(finder: NameFinder, text: str) -> list[tuple[int, int, str]]:
    return [(mention.start, mention.end, mention.name) for mention in finder.find(text)]


@given(
    st.lists(st.text("ab -", min_size=1, max_size=5), min_size=1, max_size=8),
    st.text("abAB -.,x1", max_size=40),
)
def test_agrees_with_a_naive_search(names: list[str], text: str) -> None:
    words = [name for name in names if name.strip(" -") == name]
    assert found(NameFinder(words), text) == (naive(words, text) if words else [])


def test_agrees_with_a_naive_search_over_all_known_names() -> None:
    names = sorted({*load_known_names().names} - EVERYDAY - CAPITALISED)
    rng = random.Random(0)
    joints = (" ", ", ", "-", "", " and ", "s ", "; (", ")\n", "/", "'s ")
    for _ in range(60):
        parts = [rng.choice((str.lower, str.upper, str.title))(n) for n in rng.sample(names, 6)]
        text = "".join(part + rng.choice(joints) for part in parts)
        assert found(FINDER, text) == naive(names, text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Is METFORMIN or metformin's dose high?", ["metformin", "metformin"]),
        ("Metformin-treated, non-warfarin", ["metformin", "warfarin"]),
        ("metforminx xmetformin metformin2", []),
        ("insulin glargine and insulin", ["insulin glargine", "insulin"]),
        ("ado\N{NON-BREAKING HYPHEN}trastuzumab emtansine", ["ado-trastuzumab emtansine"]),
        ("insulin\N{NO-BREAK SPACE}glargine", ["insulin glargine"]),
        ("metformin\N{COMBINING ACUTE ACCENT}", []),
        ("ΐİmetformin", []),
        ("ΐİ metformin", ["metformin"]),
        ("How is he today, well versed in alcohol?", []),
        ("Today she got Versed. Versed was given.", ["versed"]),
        ("", []),
    ],
)
def test_examples(text: str, names: list[str]) -> None:
    mentions = FINDER.find(text)
    assert [mention.name for mention in mentions] == names
    for mention in mentions:
        assert text[mention.start : mention.end].lower().startswith(mention.name[:3])


def test_every_drug_of_the_table_is_found_by_its_names() -> None:
    for drug in load_drugs():
        for name in (drug.name, *drug.brands):
            if name.lower() in EVERYDAY | CAPITALISED:
                continue
            (mention,) = FINDER.find(f"What is {name} for?")
            assert mention.name == name.lower() or mention.end - mention.start == len(name)


def test_long_texts_are_searched_in_one_pass() -> None:
    text = "What is metformin " * 6000
    assert len(FINDER.find(text)) == 6000
