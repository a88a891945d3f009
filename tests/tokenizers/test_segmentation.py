"""Other cuts against an enumeration of every way to cut short words."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations, pairwise

import pytest

from robustness.drugs import load_drugs
from robustness.tokenizers import Tokenizer, load_tokenizer
from robustness.tokenizers.segmentation import count_cuts, resegment, stretch
from tests.tokenizers.real import REAL

SPECS = ("MiniLM (reader-clean)", "SmolLM2", "Mistral v1", "cl100k", "Mistral tekken")
NAMES = [drug.name for drug in load_drugs()][::10]


@cache
def tokenizer(name: str) -> Tokenizer:
    return load_tokenizer(REAL.get(name, name), name=name)


def every_cut(loaded: Tokenizer, own: list[int], pieces: int) -> set[tuple[int, ...]]:
    """All ways to put so many pieces together that decode to the same text."""
    mark = loaded.vocabulary.continuation
    written = loaded.vocabulary.pieces[own[0]] + "".join(
        loaded.vocabulary.pieces[one].removeprefix(mark) for one in own[1:]
    )
    found = set()
    for inner in combinations(range(1, len(written)), pieces - 1):
        ends = [0, *inner, len(written)]
        cut = [(mark if start else "") + written[start:end] for start, end in pairwise(ends)]
        ids = [loaded.vocabulary.ids.get(piece, -1) for piece in cut]
        if -1 not in ids:
            found.add(tuple(ids))
    return found


@pytest.mark.parametrize("name", SPECS)
def test_there_are_as_many_cuts_as_an_enumeration_finds(name: str) -> None:
    loaded = tokenizer(name)
    for word in ("insulin", "heparin", "xanax"):
        own = loaded.encode([word]).ids.tolist()
        for pieces in range(1, 6):
            expected = every_cut(loaded, own, pieces)
            assert count_cuts(loaded, own, pieces) == len(expected)
            others = expected - {tuple(own)}
            found = resegment(loaded, own, pieces=pieces, seed="x")
            if others:
                assert found in others


@pytest.mark.parametrize("name", SPECS)
def test_another_cut_has_other_ids_and_the_same_text(name: str) -> None:
    loaded = tokenizer(name)
    found = 0
    for word in NAMES:
        for text in (word, f" {word}"):
            own = loaded.encode([text]).ids.tolist()
            other = resegment(loaded, own, pieces=len(own), seed=text)
            if other is None:
                continue
            found += 1
            assert list(other) != own
            assert loaded.decode([other]) == loaded.decode([own])
            assert resegment(loaded, own, pieces=len(own), seed=text) == other
    assert found > len(NAMES)


def test_cuts_are_drawn_alike() -> None:
    loaded = tokenizer("cl100k")
    own = loaded.encode(["insulin"]).ids.tolist()
    others = every_cut(loaded, own, 3) - {tuple(own)}
    draws = Counter(resegment(loaded, own, pieces=3, seed=str(i)) for i in range(40 * len(others)))
    assert set(draws) == others
    assert min(draws.values()) > 15
    assert max(draws.values()) < 80


def test_what_has_no_other_cut() -> None:
    letters = load_tokenizer("characters")
    own = letters.encode(["insulin"]).ids.tolist()
    assert resegment(letters, own, pieces=7, seed="") is None
    reader = tokenizer("MiniLM (reader-clean)")
    for text in ("\N{PILL}", "two words"):
        ids = reader.encode([text]).ids.tolist()
        assert resegment(reader, ids, pieces=3, seed="") is None


@pytest.mark.parametrize("name", SPECS)
def test_the_pieces_of_a_name_in_a_question(name: str) -> None:
    loaded = tokenizer(name)
    question = "What is metformin used for?"
    found = stretch(loaded, question, 8, 17)
    assert found is not None
    assert question[found.start : found.end].strip() == "metformin"
    assert loaded.decode([found.ids])[0].strip() == "metformin"
    assert stretch(loaded, question, 8, 16) is None or name == "characters"
    assert stretch(loaded, "", 0, 0) is None
