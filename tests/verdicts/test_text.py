from __future__ import annotations

import pytest

from robustness.drugs import load_known_names, table_path
from robustness.verdicts import clinical_tokens
from robustness.verdicts.synonyms import read_words


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("10mg", "10 mg"),
        ("10 milligrams", "10 mg"),
        ("5 \N{MICRO SIGN}g", "5 mcg"),
        ("5 \N{GREEK SMALL LETTER MU}g", "5 ug"),
        ("1,000", "1000"),
        ("12,500.50", "12500.5"),
        ("0,5 mg", ".5 mg"),
        ("2.0 mL", "2 ml"),
        ("mg/kg", "mg per kg"),
        ("5 %", "5 percent"),
        ("\N{FULLWIDTH DIGIT FIVE} mg", "5 mg"),
        ("two tablets", "2 tabs"),
        ("one tablet b.i.d.", "1 tablet twice a day"),
        ("PO", "by mouth"),
        ("Prn", "as needed"),
        ("an oedema of the oesophagus", "edema of esophagus"),
        ("rashes and allergies", "rash and allergy"),
        ("\N{GREEK SMALL LETTER BETA}-blockers", "beta blocker"),
        ("q6h", "every six hours"),
        ("4 to 6 hours", "four to six hours"),
    ],
)
def test_written_in_one_form(a: str, b: str) -> None:
    assert clinical_tokens(a) == clinical_tokens(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("500 mg", "0.5 g"),
        ("125 mcg", "0.125 mg"),
        ("10 mg", "10 mcg"),
        ("1.5", "15"),
        ("1,000", "1.0"),
        ("one of the heparins", "1 of the heparins"),
        ("hypertension", "hypotension"),
        ("bid", "tid"),
    ],
)
def test_kept_apart(a: str, b: str) -> None:
    assert clinical_tokens(a) != clinical_tokens(b)


def test_the_table_of_wordings_is_sound() -> None:
    words = read_words(table_path("answer_words"))
    known = set(load_known_names().names) - {"angiotensin ii"}  # part of a class in answers
    assert len(words) >= 300
    for written, meaning in words.items():
        assert written != meaning
        assert meaning not in words, f"{meaning} means something else in turn"
        assert written not in known, f"{written} is a drug"
