"""Every figure of the X-ray against a plain loop over single texts."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from robustness.drugs import load_drugs, load_look_alikes
from robustness.misspellings import candidates
from robustness.tokenizers import CHANGES, Tokenizer, load_tokenizer, xray
from robustness.tokenizers.sensitivity import one_piece_apart, sensitivities, single_pieces
from tests.tokenizers.real import REAL

NAMES = [drug.name for drug in load_drugs()][::12]
PAIRS = [
    *(
        (name, one.text)
        for name in NAMES
        for one in candidates(name, ("observed", "unicode", "formatting", "shortening")).kept
    ),
    ("metformin", "metformin"),
    ("metformin", "warfarin"),
    ("metformin", ""),
    ("metformin", "MET FOR MIN"),
    ("metformin", "\N{PILL}\N{PILL}"),
    ("warfarin", "m\N{PILL}t"),
    ("heparin", "m\N{BRAIN}t"),
    ("aa", "aaaa"),
    ("aaaa", "aa"),
]
SPECS = ("MiniLM (reader-clean)", "SmolLM2", "Mistral v1", "cl100k", "Claude (older)", "characters")


@cache
def tokenizer(name: str) -> Tokenizer:
    return load_tokenizer(REAL.get(name, name), name=name)


def greedy_pieces(word: str, vocabulary: set[str]) -> list[str]:
    """WordPiece by its definition: the longest piece of the vocabulary, again and again."""
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next(e for e in range(len(word), start, -1) if prefix + word[start:e] in vocabulary)
        pieces.append(prefix + word[start:end])
        start = end
    return pieces


def test_pieces_agree_with_wordpiece_by_its_definition() -> None:
    reader = tokenizer("MiniLM (reader-clean)")
    vocabulary = set(reader.vocabulary.pieces)
    for name in NAMES:
        if name.isalpha():
            assert reader.pieces([name]) == [greedy_pieces(name, vocabulary)]


def alike(first: Any, second: Any) -> int:
    count = 0
    while count < min(len(first), len(second)) and first[count] == second[count]:
        count += 1
    return count


def naive_change(cuts: tuple[list[int], list[int]], name: str, text: str) -> str:
    """Cuts among the letters that both begin or end with are matched, the others counted."""
    prefix = alike(name, text)
    suffix = min(alike(name[::-1], text[::-1]), min(len(name), len(text)) - prefix)
    sides = []
    for places, size in zip(cuts, (len(name), len(text)), strict=True):
        named = {("left", p) for p in places if p < prefix}
        named |= {("right", size - p) for p in places if p > size - suffix and p >= prefix}
        sides.append((named, sum(p >= prefix and p <= size - suffix for p in places)))
    (before, inner), (after, inner_after) = sides
    lost = bool(before - after) or inner > inner_after
    gained = bool(after - before) or inner_after > inner
    return {(0, 0): "unchanged", (1, 0): "merged", (0, 1): "split", (1, 1): "mixed"}[lost, gained]


def naive_misplaced(spans: list[list[int]], text: str) -> bool:
    reached = 0
    for start, end in spans:
        if end < start or end < reached or end > len(text):
            return True
        if any(c.isprintable() and not c.isspace() for c in text[reached:start]):
            return True
        reached = end
    return any(c.isprintable() and not c.isspace() for c in text[reached:])


@pytest.mark.parametrize("name", SPECS)
def test_every_figure_of_a_pair_is_that_of_a_plain_loop(name: str) -> None:
    loaded = tokenizer(name)
    found = xray(loaded, PAIRS)
    strange = loaded.vocabulary.unknown | loaded.vocabulary.bytes
    for row, (correct, text) in enumerate(PAIRS):
        one, two = loaded.encode([correct]), loaded.encode([text])
        a, b = one.ids.tolist(), two.ids.tolist()
        prefix = alike(a, b)
        suffix = min(alike(a[::-1], b[::-1]), min(len(a), len(b)) - prefix)
        both = set(a) | set(b)
        cuts = [[start for start, _ in each.spans.tolist() if start > 0] for each in (one, two)]
        assert found.pieces_correct[row] == len(a)
        assert found.pieces_misspelled[row] == len(b)
        assert found.characters[row] == len(text)
        assert found.strange[row] == sum(piece in strange for piece in b)
        assert (found.common_prefix[row], found.common_suffix[row]) == (prefix, suffix)
        assert found.first_kept[row] == (a[:1] == b[:1])
        assert found.same_ids[row] == (a == b)
        assert found.jaccard[row] == (len(set(a) & set(b)) / len(both) if both else 1)
        assert found.lost[row] == (loaded.decode([b])[0] != text)
        assert found.misplaced[row] == naive_misplaced(two.spans.tolist(), text)
        kind = CHANGES[int(found.change[row])]
        assert kind == naive_change((cuts[0], cuts[1]), correct, text), (correct, text)


@pytest.mark.parametrize("name", SPECS)
def test_collisions_are_those_of_a_plain_loop(name: str) -> None:
    loaded = tokenizer(name)
    written = {(n, n) for n, _ in PAIRS} | set(PAIRS)
    ids = {text: tuple(loaded.encode([text]).ids.tolist()) for _, text in written}
    names = {n for n, _ in PAIRS}
    expected = {
        (drug, text)
        for drug in names
        for other, text in written
        if other != drug and ids[drug] == ids[text] and not (text in names and text < drug)
    }
    # a misspelling that is another drug's name is a collision in spelling, and always one in ids
    assert set(xray(loaded, PAIRS).collisions) == expected


def test_what_a_vocabulary_does_not_know_makes_names_collide() -> None:
    """WordPiece turns any unknown word into one and the same piece."""
    pairs = [("\N{PILL}", "x"), ("\N{BRAIN}", "y"), ("warfarin", "\N{PILL}")]
    pill, brain = "\N{PILL}", "\N{BRAIN}"
    names, misspelled = {(pill, brain)}, {(pill, pill), (brain, pill)}
    assert set(xray(tokenizer("MiniLM (reader-clean)"), pairs).collisions) == names | misspelled
    assert xray(tokenizer("cl100k"), pairs).collisions == (("\N{PILL}", "\N{PILL}"),)


@pytest.mark.parametrize("name", SPECS)
def test_names_of_one_piece_and_look_alikes_one_piece_apart(name: str) -> None:
    loaded = tokenizer(name)
    names = [drug.name for drug in load_drugs()]

    def count(text: str) -> int:
        return len(loaded.pieces([text])[0])

    single = single_pieces(loaded, names)
    assert single == [one for one in names if 1 in (count(one), count(f" {one}"))]
    pairs = [(pair.name, pair.lookalike) for pair in load_look_alikes()]
    expected = []
    for pair in pairs:
        a, b = loaded.pieces(list(pair))
        prefix = alike(a, b)
        suffix = min(alike(a[::-1], b[::-1]), min(len(a), len(b)) - prefix)
        if prefix + suffix and max(len(a), len(b)) - prefix - suffix == 1:
            expected.append(pair)
    assert one_piece_apart(loaded, pairs) == expected


def test_sensitivity_to_writing_is_that_of_single_encodings() -> None:
    names = ["metformin", "warfarin", "heparin", "zzz"]
    loaded = tokenizer("cl100k")
    found = sensitivities(loaded, names, {"metformin": "metFORMIN"})
    pieces = {name: loaded.pieces([name])[0] for name in names}
    assert found["capitals"].names == 4
    assert found["tall_man"].names == 1
    assert found["unicode_form"].names == 3
    for kind, write in (("capital", str.capitalize), ("capitals", str.upper)):
        written = {name: loaded.pieces([write(name)])[0] for name in names}
        changed = sum(written[name] != pieces[name] for name in names)
        moved = sum(list(map(len, written[n])) != list(map(len, pieces[n])) for n in names)
        assert (found[kind].other_pieces, found[kind].other_cuts) == (changed / 4, moved / 4)
    behind = {name: loaded.pieces([f" {name}"])[0] for name in names}
    moved = sum([p.strip("Ġ") for p in behind[n]] != pieces[n] for n in names)
    assert found["leading_space"].other_cuts == moved / 4
    reader = sensitivities(tokenizer("MiniLM (reader-clean)"), names, {"metformin": "metFORMIN"})
    assert all(each.other_pieces == each.other_cuts == 0 for each in reader.values())
    plain = sensitivities(tokenizer("characters"), names, {"metformin": "metFORMIN"})
    assert plain["capitals"].other_pieces == 1
    assert plain["leading_space"].other_cuts == plain["sentence_position"].other_cuts == 0


def test_an_x_ray_does_not_import_torch() -> None:
    specs = [REAL[name] for name in ("SciBERT", "SmolLM2", "Mistral v1", "Qwen", "Mistral tekken")]
    code = (
        "import sys\nfrom robustness.tokenizers import load_tokenizer, xray\n"
        f"for spec in {specs!r}: xray(load_tokenizer(spec), [('metformin', 'metfromin')])\n"
        "print({'torch', 'transformers'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
