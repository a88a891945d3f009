"""How good the guard is, and how much better than simpler ways to correct a drug name.

Prints one table of what is done to misspellings that people typed, to correct names, to ordinary English words
and to typos between look-alikes, for the guard and for RapidFuzz, SymSpell and Metaphone; then how the guard
does on each half of the drugs. Its constants were chosen on half A with --choose; "fitted on the other half"
means that the confusion model knew no misspelling of the drugs that it is measured on. Shares are of all misspellings;
those that are as near to another drug (`KnownNames.is_another_drug`) are also counted apart: nobody can tell
what was meant, and asking is right. Without them the nearest name would be right by definition.

    python benchmarks/guard.py [--quick] [--choose] [--json FILE]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import time
from collections import Counter
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jellyfish import metaphone
from rapidfuzz import process
from rapidfuzz.distance import OSA
from rich.console import Console
from rich.table import Table
from symspellpy import SymSpell, Verbosity

from robustness.drugs import NameFinder, load_known_names, load_look_alikes
from robustness.drugs.known_names import KnownNames, normalise
from robustness.guard import Repairer, load_repairer
from robustness.guard.candidate_names import NameIndex, load_index
from robustness.guard.confusions import fit_confusions
from robustness.guard.english import load_words
from robustness.guard.text_words import tokens
from robustness.misspellings import edits_between, load_observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from robustness.misspellings import Misspelling

QUESTION = "What is {} used for, and can I take it with food?"
REACH = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done about a text."""

    names: tuple[str, ...]
    """The name that was written, or the names that were asked about; none when it was left alone."""
    asked: bool = False


Method = "Callable[[str], Outcome]"


@dataclass(frozen=True, slots=True)
class Cases:
    """What the methods are measured on."""

    clear: tuple[Misspelling, ...]
    """Misspellings that are nearer to the name that was meant than to any other drug."""
    collisions: tuple[Misspelling, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    """Ordinary English words that are no drug names."""
    between: tuple[str, ...]
    """Texts that are equally near to both drugs of a listed look-alike pair."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of words and misspellings")
    parser.add_argument("--choose", action="store_true", help="choose the constants on half A")
    parser.add_argument("--json", type=Path, help="write the figures into this file as well")
    options = parser.parse_args()
    cases, console = collect(quick=options.quick), Console(width=150)
    if options.choose:
        console.print(choose(cases))
        return
    rows = [measure("guard", guard_method(load_repairer()), cases)]
    # The halves have no names of their own: those are all the same.
    halves = list(by_halves(replace(cases, names=())))
    title = "The guard on drugs that its constants were and were not chosen on"
    console.print(table(title, rows + halves))
    console.print(unknown_drugs(load_known_names().names[:: 10 if options.quick else 2]))
    # The other ways are slow on words, and take so many that a few show it.
    fewer = replace(cases, words=cases.words[::50])
    rows += [measure(name, method, fewer) for name, method in other_methods().items()]
    console.print(table("Ways to correct drug names", rows))
    if options.json:
        options.json.write_text(json.dumps(rows + halves, indent=1) + "\n", encoding="utf-8")


def collect(*, quick: bool) -> Cases:
    """Everything that is measured on, or every tenth of it."""
    known, step = load_known_names(), 10 if quick else 1
    every = [one for group in load_observed().values() for one in group][::step]
    collides = [known.is_another_drug(one.text, one.intended) is not None for one in every]
    return Cases(
        tuple(itertools.compress(every, [not each for each in collides])),
        tuple(itertools.compress(every, collides)),
        known.names,
        english()[::step],
        tuple(between_look_alikes()),
    )


def english() -> tuple[str, ...]:
    """The word list of symspellpy, which the guard does not read, without names of drugs."""
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = listed.read_text(encoding="utf-8-sig").splitlines()
    words = (line.split()[0] for line in lines)
    return tuple(word for word in words if word.isalpha() and word not in load_known_names())


def between_look_alikes() -> Iterable[str]:
    """Texts on the way from one look-alike to the other that are equally near to both, within reach."""
    texts = set()
    for pair in load_look_alikes():
        edits = edits_between(pair.name, pair.lookalike)
        for chosen in itertools.combinations(edits, len(edits) // 2):
            text, shift = pair.name, 0
            for edit in chosen:
                at = edit.position + shift
                text = text[:at] + edit.after + text[at + len(edit.before) :]
                shift += len(edit.after) - len(edit.before)
            one, other = OSA.distance(text, pair.name), OSA.distance(text, pair.lookalike)
            if one == other <= REACH and text not in load_known_names():
                texts.add(text)
    return sorted(texts)


def other_methods() -> dict[str, Any]:
    """What the guard is compared with, by name: from a question to what is done about it."""
    symspell = symspell_method()
    listed = load_words().dictionary
    return {
        "RapidFuzz, nearest name": by_word(nearest_method()),
        "SymSpell": by_word(symspell),
        "SymSpell, word list of the guard": by_word(
            lambda key: None if key in listed else symspell(key)
        ),
        "Metaphone, nearest of the same sound": by_word(phonetic_method()),
    }


def guard_method(repairer: Repairer) -> Callable[[str], Outcome]:
    """The guard as it is used."""

    def method(text: str) -> Outcome:
        done = repairer.repair(text)
        if done.asked:
            return Outcome(done.asked[0].names, asked=True)
        return Outcome(done.corrected[0].names if done.corrected else ())

    return method


def by_word(correct: Callable[[str], str | None]) -> Callable[[str], Outcome]:
    """A method that corrects one word, on every word of four letters and more that is no known name."""
    known = load_known_names()
    template = {token.key for token in tokens(QUESTION.format(""))}

    def method(text: str) -> Outcome:
        for token in tokens(text):
            # The words of the question are not held against methods that know no English.
            if len(token.key) >= 4 and token.key not in known and token.key not in template:
                name = correct(token.key)
                if name is not None:
                    return Outcome((name,))
        return Outcome(())

    return method


def nearest_method() -> Callable[[str], str | None]:
    """The nearest known name within two edits."""
    keys = [normalise(name) for name in load_known_names().names]

    def correct(key: str) -> str | None:
        found = process.extractOne(key, keys, scorer=OSA.distance, score_cutoff=REACH)
        return found[0] if found else None

    return correct


def symspell_method() -> Callable[[str], str | None]:
    """What symspellpy suggests first within two edits."""
    speller = SymSpell(max_dictionary_edit_distance=REACH)
    index = load_index()
    for name in load_known_names().names:
        speller.create_dictionary_entry(normalise(name), int(index.prior(name)))

    def correct(key: str) -> str | None:
        found = speller.lookup(key, Verbosity.TOP, max_edit_distance=REACH)
        return found[0].term if found else None

    return correct


def phonetic_method() -> Callable[[str], str | None]:
    """Of the names that sound alike by Metaphone, the nearest one."""
    sounds: dict[str, list[str]] = {}
    for name in load_known_names().names:
        key = normalise(name)
        sounds.setdefault(metaphone(key), []).append(key)

    def correct(key: str) -> str | None:
        alike = sounds.get(metaphone(key), ())
        return min(alike, key=lambda name: (OSA.distance(key, name), name), default=None)

    return correct


def measure(title: str, method: Callable[[str], Outcome], cases: Cases) -> dict[str, Any]:
    """All figures of one method."""
    began = time.process_time()
    verdicts = Counter(verdict(method, one) for one in cases.clear)
    spent = time.process_time() - began
    apart = Counter(verdict(method, one) for one in cases.collisions)
    texts = [QUESTION.format(name) for name in cases.names]
    changed = sum(bool(method(text).names) for text in (*cases.names, *texts))
    words = [method(word) for word in cases.words]
    between = Counter(asks(method(QUESTION.format(text))) for text in cases.between)
    every, n = verdicts + apart, max(len(cases.clear) + len(cases.collisions), 1)
    return {
        "method": title,
        "misspellings": n,
        "right": every["right"] / n,
        "wrong drug": every["wrong"] / n,
        "asked": every["asked"] / n,
        "left alone": every["alone"] / n,
        "of these collisions": dict(sorted(apart.items())),
        "correct names changed": changed,
        "words corrected": sum(bool(one.names) and not one.asked for one in words),
        "words asked about": sum(one.asked for one in words),
        "words": len(words),
        "look-alike typos": dict(sorted(between.items())),
        "CPU ms a question": spent / max(len(cases.clear), 1) * 1000,
    }


def verdict(method: Callable[[str], Outcome], one: Misspelling) -> str:
    """What a method made of a misspelling in a question; another name of the same drug is right."""
    done = method(QUESTION.format(one.text))
    if done.asked or not done.names:
        return asks(done)
    known = load_known_names()
    same = known.substances(done.names[0]) & known.substances(one.intended)
    return "right" if same else "wrong"


def asks(done: Outcome) -> str:
    """What was done, when it does not matter about which drug."""
    if not done.names:
        return "alone"
    return "asked" if done.asked else "guessed"


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """The figures of some methods side by side."""
    shown = Table(title=title)
    for column in (
        "",
        "n",
        "right",
        "wrong drug",
        "asked",
        "left alone",
        "of these collisions",
        "names changed",
        "words taken, per 10,000",
        "look-alike typos",
        "CPU ms",
    ):
        shown.add_column(column)
    for row in rows:
        taken = row["words corrected"] + row["words asked about"]
        shown.add_row(
            row["method"],
            str(row["misspellings"]),
            *(f"{row[word]:.2%}" for word in ("right", "wrong drug", "asked", "left alone")),
            _counts(row["of these collisions"]),
            str(row["correct names changed"]),
            f"{taken / max(row['words'], 1) * 10_000:.2f} ({row['words corrected']} + {row['words asked about']})",
            _counts(row["look-alike typos"]),
            f"{row['CPU ms a question']:.2f}",
        )
    return shown


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def half_of(text: str) -> str:
    """A or B, by digest."""
    return "AB"[hashlib.sha256(text.encode()).digest()[0] % 2]


def half_of_drug(one: Misspelling) -> str:
    """The half of the drug that was meant, the same for all its names."""
    return half_of(min(load_known_names().substances(one.intended)))


def half(cases: Cases, which: str) -> Cases:
    """The misspellings and words of one half."""
    return replace(
        cases,
        clear=tuple(one for one in cases.clear if half_of_drug(one) == which),
        collisions=tuple(one for one in cases.collisions if half_of_drug(one) == which),
        words=tuple(word for word in cases.words if half_of(word) == which),
    )


def by_halves(cases: Cases) -> Iterable[dict[str, Any]]:
    """The guard on each half, as shipped and with a confusion model of the other half."""
    observed = [one for group in load_observed().values() for one in group]
    for which in "AB":
        mine, role = half(cases, which), "chosen on" if which == "A" else "held out"
        yield measure(f"half {which} ({role})", guard_method(load_repairer()), mine)
        others = [one for one in observed if half_of_drug(one) != which]
        fitted = replace(load_repairer(), channel=fit_confusions(others))
        yield measure(f"half {which}, fitted on the other half", guard_method(fitted), mine)


def unknown_drugs(names: Sequence[str]) -> str:
    """What happens to correct names of drugs that the guard does not know: each is taken out of its names."""
    full, counts = load_repairer(), Counter[str]()
    known = load_known_names()
    for name in names:
        key = normalise(name)
        if " " in name or not key.isalpha() or key in full.words.dictionary:
            continue
        own = known.substances(name)
        near = [other for other in known.near(name, 2) if not known.substances(other) & own]
        pairs = [(other, substance) for other in near for substance in known.substances(other)]
        index, finder = NameIndex(KnownNames(pairs), {}), NameFinder([])
        changes = replace(full, index=index, finder=finder).repair(name).changes if pairs else ()
        counts[changes[0].action.value if changes else "left alone"] += 1
    total = counts.total()
    shares = ", ".join(f"{word} {count / total:.2%}" for word, count in sorted(counts.items()))
    return (
        f"Names of drugs that the guard does not know ({total}, each left out in turn): {shares}."
    )


def choose(cases: Cases) -> Table:
    """What constants do on half A; the first row is what is shipped.

    No wrong drug, then at most one word in 20,000 taken for a name, then the fewest misspellings left alone. That
    a posterior of 0.95 is clear enough to correct was set, not chosen.
    """
    mine, known = half(cases, "A"), load_known_names()
    base = load_repairer()
    near = tuple(word for word in mine.words if len(word) >= 4 and known.near(word, REACH))
    allowed = len(mine.words) / 20_000
    mine = replace(mine, words=near, names=())
    found = []
    for unknown, itself, ask in itertools.product((1e-4, 3e-4, 1e-3), (0.02, 0.2), (0.5, 0.8, 0.9)):
        weights = replace(base.weights, unknown=math.log(unknown), itself=math.log(itself))
        thresholds = replace(base.thresholds, ask=ask)
        repairer = replace(base, weights=weights, thresholds=thresholds)
        row = measure("", guard_method(repairer), mine)
        taken = row["words corrected"] + row["words asked about"]
        order = (row["wrong drug"], taken > allowed, row["left alone"])
        found.append((order, (unknown, itself, ask), taken, row))
    shown = Table("unknown", "itself", "ask", "right", "wrong", "asked", "alone", "words taken")
    for _, constants, taken, row in sorted(found, key=lambda one: one[:2]):
        shares = (f"{row[word]:.2%}" for word in ("right", "wrong drug", "asked", "left alone"))
        shown.add_row(*map(str, constants), *shares, str(taken))
    return shown


if __name__ == "__main__":
    main()
