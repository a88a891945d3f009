"""What must hold of the guard whatever it is given: no known name changes, and neither does other text."""

from __future__ import annotations

from collections import Counter
from importlib import resources

from hypothesis import given, settings
from hypothesis import strategies as st

from robustness.drugs import load_finder, load_known_names, load_look_alikes
from robustness.guard import repair
from robustness.misspellings import load_observed
from robustness.verdicts import abstains

NAMES = load_known_names().names
OBSERVED = sorted((one.text, one.intended) for group in load_observed().values() for one in group)
WORDS = "take with food does cause bleeding nausea doctor the tablet every morning".split()  # noqa: SIM905


def test_no_known_name_is_changed_or_asked_about() -> None:
    changed = [
        text
        for name in NAMES
        for text in (name, name.upper(), f"Can I take {name.capitalize()} with food?")
        if repair(text).changes
    ]
    assert changed == []


@given(st.text(max_size=80))
@settings(deadline=None)
def test_what_stands_between_changes_stays_byte_for_byte(text: str) -> None:
    done = repair(text)
    rebuilt, end = "", 0
    for change in done.changes:
        assert text[change.start : change.end] == change.written
        assert end <= change.start
        rebuilt += text[end : change.start] + change.replacement
        end = change.end
    assert rebuilt + text[end:] == done.text
    if not done.corrected:
        assert done.text == text


@given(st.lists(st.sampled_from([*WORDS, *NAMES, *(text for text, _ in OBSERVED)]), max_size=8))
@settings(deadline=None)
def test_a_repaired_text_needs_no_repair(words: list[str]) -> None:
    once = repair(" ".join(words))
    again = repair(once.text)
    assert again.text == once.text
    assert not again.corrected


@given(st.lists(st.sampled_from([*WORDS, *NAMES]), max_size=8), st.sampled_from(["", "Warfarin."]))
@settings(deadline=None)
def test_correct_text_is_left_alone(words: list[str], context: str) -> None:
    text = " ".join(words)
    assert repair(text, context=context).text == text


@given(st.sampled_from(OBSERVED), st.sampled_from(["", "Metformin and warfarin are drugs."]))
@settings(deadline=None)
def test_a_collision_is_never_corrected_to_a_drug_that_is_farther(
    pair: tuple[str, str], context: str
) -> None:
    text, _ = pair
    known = load_known_names()
    for change in repair(f"What is {text} for?", context=context).corrected:
        other = known.is_another_drug(text, change.names[0])
        assert other is None or any(
            known.substances(m.name) & known.substances(change.names[0])
            for m in load_finder().find(context)
        )


def test_observed_misspellings_meet_the_promise() -> None:
    known, counts = load_known_names(), Counter[str]()
    for text, intended in OBSERVED:
        if known.is_another_drug(text, intended):
            continue
        done = repair(f"What is {text} used for?")
        if done.corrected:
            same = known.substances(done.corrected[0].names[0]) & known.substances(intended)
            counts["right" if same else "wrong"] += 1
        else:
            counts["asked" if done.asked else "alone"] += 1
    assert counts["right"] / counts.total() >= 0.93
    assert counts["wrong"] / counts.total() <= 0.002


def test_ordinary_words_are_left_alone() -> None:
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = listed.read_text(encoding="utf-8-sig").splitlines()[:20_000]
    words = [word for word in (line.split()[0] for line in lines) if word not in load_known_names()]
    taken = [word for word in words if repair(word).changes]
    assert len(taken) <= len(words) / 10_000, taken


def test_a_question_back_is_an_abstention() -> None:
    for text, _ in OBSERVED[::20]:
        done = repair(f"What is {text} used for?")
        assert bool(done.question) == bool(done.asked)
        assert not done.question or abstains(done.question)


def test_listed_look_alikes_are_never_swapped() -> None:
    known = load_known_names()
    for pair in load_look_alikes():
        for name, other in ((pair.name, pair.lookalike), (pair.lookalike, pair.name)):
            for place in range(len(name)):
                text = name[:place] + name[place + 1 :]
                done = repair(text, context=f"{other.capitalize()} is a drug.")
                named = [each for one in done.corrected for each in one.names]
                assert not any(known.substances(each) & known.substances(other) for each in named)
