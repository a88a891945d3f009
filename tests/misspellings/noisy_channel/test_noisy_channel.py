"""The noisy channel against an enumeration of all edits that shares no code with it."""

from __future__ import annotations

import math
from string import ascii_lowercase
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from robustness.misspellings.noisy_channel.edit_features import (
    EDGE,
    FACTORS,
    LETTERS,
    PLACES,
    encode,
    first_cells,
)
from robustness.misspellings.noisy_channel.one_edit import first_of
from robustness.misspellings.noisy_channel.table import load_channel

if TYPE_CHECKING:
    from robustness.misspellings.noisy_channel.channel_model import NoisyChannel

words = st.text("aeinoprstxyhc", min_size=2, max_size=9)
calm = settings(deadline=None)
VOWELS = "aeiouy"
KEYS = {
    letter: (line, place + line / 2)
    for line, row in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for place, letter in enumerate(row)
}


@pytest.fixture(scope="module")
def channel() -> NoisyChannel:
    return load_channel()


def single(channel: NoisyChannel, name: str) -> dict[str, float]:
    edits = channel.scorer.edits(name)
    scores = channel.scorer.scores(name)[edits.numbers]
    return dict(zip(edits.made, scores.tolist(), strict=True))


def all_one_edit(name: str) -> set[str]:
    made = {name[:i] + name[i + 1 :] for i in range(len(name))}
    made |= {name[:i] + x + name[i + 1 :] for i in range(len(name)) for x in ascii_lowercase}
    made |= {name[:i] + x + name[i:] for i in range(len(name) + 1) for x in ascii_lowercase}
    made |= {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    return made - {name}


@calm
@given(words)
def test_one_edit_results_are_all_there_are_and_each_once(name: str) -> None:
    texts = load_channel().scorer.edits(name).made
    assert len(texts) == len(set(texts))
    assert set(texts) == all_one_edit(name)


@calm
@given(words)
def test_probabilities_add_up_to_one_over_distinct_texts(name: str) -> None:
    found = load_channel().distribution(name)
    texts = [found.texts[row] for row in found.best(len(found)).tolist()]
    assert math.isclose(found.probability.sum(), 1.0, rel_tol=1e-9)
    assert len(texts) == len(set(texts)) == len(found)
    assert name not in texts
    assert (found.probability > 0).all()


@calm
@given(words)
def test_two_edit_texts_are_two_edits_away(name: str) -> None:
    found = load_channel().distribution(name)
    rows = (found.numbers[1] >= 0).nonzero()[0].tolist()
    assert {OSA.distance(found.texts[row], name) for row in rows} <= {2}


@calm
@given(words)
def test_probabilities_are_those_of_the_formula(name: str) -> None:
    """Shares of exp(score), with a sum over the pairs that make a text, in plain Python."""
    channel = load_channel()
    scores = single(channel, name)
    total = sum(map(math.exp, scores.values()))
    pairs = channel.pairs(channel.scorer.edits(name))
    weights = [
        math.exp(math.fsum(map(math.prod, zip(row, channel.pair_weights.tolist(), strict=True))))
        for row in pairs.features.tolist()
    ]
    share = channel.two_edit_share if weights else 0.0
    expected = {text: (1 - share) * math.exp(score) / total for text, score in scores.items()}
    for text, weight in zip(pairs.texts, weights, strict=True):
        expected[text] = expected.get(text, 0.0) + share * weight / sum(weights)
    found = channel.distribution(name)
    assert set(found.texts) == set(expected)
    for text, probability in zip(found.texts, found.probability.tolist(), strict=True):
        assert probability == pytest.approx(expected[text], abs=1e-9), text


@calm
@given(words)
def test_the_sum_over_pairs_is_merged_by_text(name: str) -> None:
    channel = load_channel()
    pairs = channel.pairs(channel.scorer.edits(name))
    texts = pairs.texts
    assert [texts[k] for k in pairs.leader.tolist()] == texts
    assert len(set(pairs.leader.tolist())) == len(set(texts))


def slow_score(channel: NoisyChannel, name: str, text: str) -> float:
    """The score of a one-edit misspelling, word by word from the language of the factors."""
    operator, at, after = next(edit for edit in edits_of(name) if edit[3] == text)[:3]
    padded = f"##{name}##"
    start = at + 2
    taken = {"substitution": 1, "deletion": 1, "insertion": 0, "transposition": 2}[operator]
    context = {"left2": padded[start - 2], "left": padded[start - 1], "after": after}
    context |= {"right": padded[start + taken], "right2": (padded + "#")[start + taken + 1]}
    if taken:
        context["before"] = padded[start]
    if taken == 2:
        context["next"] = padded[start + 1]
    score = 0.0
    tables = np.split(channel.scorer.weights[operator], first_cells(operator)[1:-1])
    for factor, table in zip(FACTORS[operator], tables, strict=True):
        score += table[slow_cell(factor, context, name, at, operator)]
    new = {"transposition": padded[start : start + 2][::-1], "deletion": ""}.get(operator, after)
    changed = padded[:start] + new + padded[start + taken :]
    gain = fluency(channel, changed) - fluency(channel, padded)
    return score + channel.scorer.fluency[operator] * gain


def slow_cell(factor: str, context: dict[str, str], name: str, at: int, operator: str) -> int:
    number = 0
    for word in factor.split():
        value, size = slow_value(word, context, name, at, operator)
        number = number * size + value
    return number


def slow_value(
    word: str, context: dict[str, str], name: str, at: int, operator: str
) -> tuple[int, int]:
    if word in {"operator", "stem", "place"}:
        return slow_whereabouts(word, context, name, at, operator)
    if word.endswith("~"):
        letter = context[word[:-1]]
        return (2 if letter == "#" else int(letter not in VOWELS)), 3
    if "=" in word:
        first, second = word.split("=")
        return int(context[first] == context[second]), 2
    if "@" in word:
        one, other = (KEYS.get(context[part], (9, 99)) for part in word.split("@"))
        near = abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 1 and one != other
        return int(near), 2
    return LETTERS.index(context[word]), 27


def slow_whereabouts(
    word: str, context: dict[str, str], name: str, at: int, operator: str
) -> tuple[int, int]:
    if word == "operator":
        return 0, 1
    if word == "stem":
        stem = 4 if name.endswith("pril") else 0
        return int((at if operator == "insertion" else at + 1) > len(name) - stem), 2
    sides = {"first": "left", "second": "left2", "last": "right", "last-but-one": "right2"}
    labels = [label for label, side in sides.items() if context[side] == "#"]
    return PLACES.index([*labels, "middle"][0]), 5


def fluency(channel: NoisyChannel, text: str) -> float:
    codes = [LETTERS.index(letter) for letter in text]
    runs = zip(codes, codes[1:], codes[2:], strict=False)
    return float(sum(channel.scorer.trigrams[run] for run in runs))


def edits_of(name: str) -> list[tuple[str, int, str, str]]:
    """Operator, position, letter written and result; the leftmost of edits with one result."""
    found = []
    for i, letter in enumerate(name):
        if not i or name[i - 1] != letter:
            found.append(("deletion", i, "#", name[:i] + name[i + 1 :]))
        found += [
            ("substitution", i, x, name[:i] + x + name[i + 1 :])
            for x in ascii_lowercase
            if x != letter
        ]
    for i in range(len(name) + 1):
        found += [
            ("insertion", i, x, name[:i] + x + name[i:])
            for x in ascii_lowercase
            if not i or name[i - 1] != x
        ]
    for i in range(len(name) - 1):
        swapped = name[i + 1] + name[i]
        if name[i] != name[i + 1]:
            found.append(("transposition", i, "#", name[:i] + swapped + name[i + 2 :]))
    return found


@pytest.mark.parametrize("name", ["captopril", "ziphen", "attax", "ab", "oxycodone"])
def test_scores_agree_with_a_slow_reading_of_the_factors(channel: NoisyChannel, name: str) -> None:
    fast = single(channel, name)
    assert set(fast) == {edit[3] for edit in edits_of(name)}
    for text, score in fast.items():
        assert score == pytest.approx(slow_score(channel, name, text), abs=1e-9), text


def test_errors_that_people_make_are_likelier_than_others(channel: NoisyChannel) -> None:
    scores = single(channel, "amitriptyline")
    assert scores["amitryptyline"] > scores["amitrqptyline"]
    assert scores["amitriptiline"] > scores["amitriptoline"]
    assert scores["amitriptylin"] > scores["mitriptyline"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gabapentin", "gapabentin"),
        ("metformin", "metphormin"),
        ("famciclovir", "famcilovr"),
        ("simvastatin", "simvastin"),
    ],
)
def test_multi_letter_edits_are_in_the_support(channel: NoisyChannel, name: str, text: str) -> None:
    assert text in channel.distribution(name).texts


def test_a_name_without_letters_has_no_misspellings(channel: NoisyChannel) -> None:
    assert len(channel.distribution("123")) == 0


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3]), max_size=30), st.integers(0, 40))
def test_first_of_is_a_prefix_of_the_stable_order(values: list[float], count: int) -> None:
    order = sorted(range(len(values)), key=lambda k: -values[k])
    assert first_of(np.array(values), count).tolist() == order[:count]


def test_letters_of_other_scripts_and_digits_are_edges() -> None:
    assert encode("aé1ж😀").tolist() == [0, EDGE, EDGE, EDGE, EDGE]
