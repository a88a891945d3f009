from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings

from robustness.drugs.known_names import normalise
from robustness.misspellings.channels.unicode import (
    CHANNEL,
    FORMS,
    HOMOGLYPHS,
    INVISIBLE,
    LIGATURES,
    MARKS,
    full_width,
)
from tests.misspellings.channels.texts import known_names


@pytest.mark.parametrize(
    ("name", "text", "operator"),
    [
        ("metformin", "m\u0435tformin", "homoglyph"),
        ("metformin", "met\u200bformin", "zero-width space"),
        ("metformin", "met\u00adformin", "soft hyphen"),
        ("metformin", "me\u0301tformin", "combining acute"),
        ("metformin", "m\u00e9tformin", "letter with acute"),
        ("metformin", "metformin\u00a0", "non-breaking space"),
        ("metformin", full_width("metformin"), "full width"),
        ("insulin lispro", "insulin\u00a0lispro", "non-breaking space"),
        ("a-hydrocort", "a\u2011hydrocort", "non-breaking hyphen"),
        ("fluoxetine", "\ufb02uoxetine", "ligature"),
        ("m\u00e9tformin", "me\u0301tformin", "NFD"),
        ("me\u0301tformin", "m\u00e9tformin", "NFC"),
    ],
)
def test_other_characters(name: str, text: str, operator: str) -> None:
    assert {one.text: one.operator for one in CHANNEL.variants(name)}[text] == operator


@settings(deadline=None)
@given(known_names)
def test_invisible_characters_and_compatibility_forms_fold_back_to_the_name(name: str) -> None:
    folding = {"full width", "full-width letter", *INVISIBLE}
    for one in CHANNEL.variants(name):
        if one.operator in folding or (one.operator == "ligature" and one.text.isascii()):
            assert normalise(one.text) == normalise(name)


@settings(deadline=None)
@given(known_names)
def test_marks_come_off_under_canonical_decomposition(name: str) -> None:
    marks = set(MARKS.values())
    for one in CHANNEL.variants(name):
        if one.operator.startswith(("combining", "letter with")):
            bare = "".join(c for c in unicodedata.normalize("NFD", one.text) if c not in marks)
            assert bare == name


def test_forms_are_those_of_the_standard_library() -> None:
    name = "e\u0301phe\ufb01drine"
    forms = {one.operator: one.text for one in CHANNEL.variants(name) if one.operator in FORMS}
    assert forms
    for form, text in forms.items():
        assert unicodedata.is_normalized(form, text)


def test_homoglyphs_are_other_letters_that_normalisation_does_not_fold() -> None:
    for letter, glyphs in HOMOGLYPHS.items():
        for glyph in glyphs:
            assert unicodedata.normalize("NFKC", glyph) == glyph != letter
            assert unicodedata.category(glyph)[0] == "L"


def test_invisible_characters_are_format_characters() -> None:
    assert {unicodedata.category(char) for char in INVISIBLE.values()} == {"Cf"}


def test_ligatures_hold_their_letters() -> None:
    for letters, one in LIGATURES.items():
        name = unicodedata.name(one).lower()
        assert unicodedata.normalize("NFKC", one) == letters or name.endswith(letters)
