"""The kinds of fact that are asked about, with the words to ask for them and to state them.

Each relation has six phrasings of its question and four of its sentence, all in this project's own
words. A phrasing holds ``{drug}`` once; a sentence holds ``{drug}`` and ``{value}`` once each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from robustness.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.drugs import Drug

_ROUTES = {
    "epidural": "by epidural injection",
    "inhalation": "by inhalation into the lungs",
    "intramuscular": "by injection into a muscle",
    "intravenous": "by infusion into a vein",
    "nasal": "as a spray into the nose",
    "ophthalmic": "as drops into the eye",
    "oral": "by mouth",
    "rectal": "into the rectum",
    "subcutaneous": "by injection under the skin",
    "sublingual": "under the tongue",
    "topical": "on the skin",
    "transdermal": "through the skin from a patch",
    "transmucosal": "through the lining of the cheek",
    "vaginal": "into the vagina",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of fact about a drug."""

    name: str
    """What results call this question."""
    questions: tuple[str, ...]
    """Phrasings of the question."""
    sentences: tuple[str, ...]
    """Sentences that state the fact."""
    value: Callable[[Drug], str]
    """The fact of one drug; the empty string where there is none."""

    def __post_init__(self) -> None:
        texts = (*self.questions, *self.sentences)
        holes = [("{drug}",)] * len(self.questions) + [("{drug}", "{value}")] * len(self.sentences)
        for text, wanted in zip(texts, holes, strict=True):
            if any(text.count(hole) != 1 for hole in wanted):
                raise InputError(
                    f"A phrasing of {self.name!r} must hold each of {', '.join(wanted)} once",
                    value=text,
                )
            if text.startswith("{value}"):
                raise InputError(
                    f"A sentence of {self.name!r} begins with its value, so its first letter would change",
                    value=text,
                    hint="Begin with other words.",
                )


RELATIONS = (
    Relation(
        "indication",
        (
            "What is {drug} used for?",
            "Which condition does {drug} treat?",
            "Why would a doctor prescribe {drug}?",
            "What is the indication of {drug}?",
            "My mother was given {drug}; what is it meant for?",
            "For which problem do people take {drug}?",
        ),
        (
            "{drug} is used for {value}.",
            "Doctors prescribe {drug} for {value}.",
            "The indication of {drug} is {value}.",
            "People receive {drug} because of {value}.",
        ),
        lambda drug: drug.indication,
    ),
    Relation(
        "class",
        (
            "Which class of medicine is {drug}?",
            "What kind of drug is {drug}?",
            "To which pharmacologic class does {drug} belong?",
            "How is {drug} classified?",
            "What type of agent is {drug}?",
            "Name the drug class of {drug}.",
        ),
        (
            "{drug} belongs to the class {value}.",
            "The pharmacologic class of {drug} is {value}.",
            "By its class, {drug} counts as {value}.",
            "Pharmacists classify {drug} as {value}.",
        ),
        lambda drug: drug.drug_class,
    ),
    Relation(
        "brand",
        (
            "Under which brand name is {drug} sold?",
            "What is a brand name of {drug}?",
            "Which brand contains {drug}?",
            "What is {drug} called on the box?",
            "Under what trade name can I find {drug}?",
            "Which product name does {drug} have?",
        ),
        (
            "{drug} is sold under the brand name {value}.",
            "A brand name of {drug} is {value}.",
            "On the box {drug} is called {value}.",
            "The product that contains {drug} is {value}.",
        ),
        lambda drug: drug.brands[0] if drug.brands else "",
    ),
    Relation(
        "route",
        (
            "How is {drug} given?",
            "By which route is {drug} administered?",
            "How does {drug} get into the body?",
            "In what way should {drug} be taken?",
            "How do patients receive {drug}?",
            "What is the route of administration of {drug}?",
        ),
        (
            "{drug} is given {value}.",
            "Patients receive {drug} this way: {value}.",
            "The usual way to give {drug} is {value}.",
            "Nurses give {drug} as follows: {value}.",
        ),
        lambda drug: _ROUTES[drug.route] if drug.route else "",
    ),
    Relation(
        "form",
        (
            "In which dosage form does {drug} come?",
            "What is the dosage form of {drug}?",
            "As what kind of preparation is {drug} supplied?",
            "What form does {drug} have?",
            "How is {drug} supplied by the pharmacy?",
            "Which pharmaceutical form does {drug} come in?",
        ),
        (
            "The dosage form of {drug} is {value}.",
            "{drug} is supplied in the form of: {value}.",
            "Pharmacies stock {drug} in this form: {value}.",
            "The preparation of {drug} described here is {value}.",
        ),
        lambda drug: drug.form,
    ),
    Relation(
        "warning",
        (
            "What does the label of {drug} warn about?",
            "Which danger of {drug} should I know?",
            "What is an important warning for {drug}?",
            "What risk comes with {drug}?",
            "What must be watched for with {drug}?",
            "Which safety concern is named for {drug}?",
        ),
        (
            "The label of {drug} warns about {value}.",
            "An important warning for {drug} is {value}.",
            "With {drug} the safety concern is {value}.",
            "A known danger of {drug} is {value}.",
        ),
        lambda drug: drug.warning,
    ),
    Relation(
        "high_risk_group",
        (
            "To which group of high-risk medicines does {drug} belong?",
            "Which high-risk group is {drug} in?",
            "In which high-alert category is {drug} listed?",
            "Among which high-risk medicines is {drug} counted?",
            "What high-risk group includes {drug}?",
            "Under which high-risk heading is {drug} kept?",
        ),
        (
            "Among high-risk medicines {drug} counts as one of the {value}.",
            "The high-risk group of {drug} is {value}.",
            "Hospitals list {drug} under the high-risk heading {value}.",
            "{drug} is kept with the high-risk {value}.",
        ),
        lambda drug: drug.high_risk_group if drug.is_high_risk else "",
    ),
)


def relation_named(name: str) -> Relation:
    """The relation with this name.

    >>> relation_named("route").questions[0]
    'How is {drug} given?'
    """
    return next(relation for relation in RELATIONS if relation.name == name)


def distinct(a: str, b: str) -> bool:
    """Whether two values cannot be taken for one another: neither's words hold all of the other's.

    >>> distinct("type 2 diabetes mellitus", "diabetes mellitus"), distinct("gout", "pain")
    (False, True)
    """
    if not b:
        return False
    words_a, words_b = set(a.lower().split()), set(b.lower().split())
    return not (words_a <= words_b or words_b <= words_a)
