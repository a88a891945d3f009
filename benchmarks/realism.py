"""How many of the misspellings that people typed does each generator find, for drugs it never saw?

Five-fold cross-validation over the observed misspellings that leaves substances out; next to it one-edit
variants in random order and, where they are installed, nlpaug and TextAttack on the same names. Then
whether the noisy channel's probabilities are right: how many misspellings of about the same probability
people typed, and how many they should have. Takes a few minutes.

    python benchmarks/realism.py [--plot reliability.svg]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from robustness.misspellings import load_observed, one_edit_variants
from robustness.misspellings.noisy_channel.validation import (
    LIMITS,
    Bin,
    Recall,
    cross_validate,
    recall,
    reliability,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TRIES = 400
"""How often a generator that gives one variant at a time is asked for 100 distinct ones."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path, help="write the reliability plot to this SVG or PNG")
    plot = parser.parse_args().plot
    console = Console(width=110)
    observed = load_observed()
    rows = [("noisy channel", cross_validate(observed))]
    rows += [(name, recall(observed, generate)) for name, generate in generators()]
    console.print(recall_table(rows))
    bins = reliability(observed)
    console.print(reliability_table(bins))
    typed = sum(one.typed for one in bins)
    error = sum(abs(one.expected - one.typed) for one in bins) / typed
    console.print(f"Expected calibration error: {error:.3f} of the {typed} misspellings typed")
    if plot:
        draw(bins, plot)


def generators() -> Iterator[tuple[str, Callable[[str], Sequence[str]]]]:
    """The other generators that can be run here; a package that does not load is told and left out."""
    yield "every one-edit variant, random order", shuffled
    for name, make in (
        ("nlpaug keyboard", nlpaug_keyboard),
        ("nlpaug random character", nlpaug_random),
        ("TextAttack character swaps", textattack_swaps),
    ):
        try:
            generate = make()
        except (ImportError, LookupError) as error:  # NLTK looks its data up while it is imported
            Console(stderr=True).print(f"{name} is left out: {error}")
        else:
            yield name, generate


def shuffled(name: str) -> list[str]:
    """All one-edit variants, shuffled."""
    texts = [text for text, _ in one_edit_variants(name)]
    Random(name).shuffle(texts)
    return texts


def once(draw_one: Callable[[str], str]) -> Callable[[str], list[str]]:
    """Distinct variants from a generator that gives one at a time."""

    def generate(name: str) -> list[str]:
        found: dict[str, None] = {}
        for _ in range(TRIES):
            text = draw_one(name)
            if text != name:
                found[text] = None
            if len(found) == max(LIMITS):
                break
        return list(found)

    return generate


def nlpaug_keyboard() -> Callable[[str], list[str]]:
    """A neighbouring key for one letter, by nlpaug."""
    from nlpaug.augmenter.char import KeyboardAug

    augmenter = KeyboardAug(
        aug_char_min=1,
        aug_char_max=1,
        aug_word_p=1.0,
        include_special_char=False,
        include_numeric=False,
        include_upper_case=False,
    )
    return once(lambda name: _first(augmenter.augment(name)))


def nlpaug_random() -> Callable[[str], list[str]]:
    """A random substitution, insertion, deletion or swap of one letter, by nlpaug."""
    from nlpaug.augmenter.char import RandomCharAug

    kinds = [
        RandomCharAug(action=action, aug_char_min=1, aug_char_max=1, aug_word_p=1.0)
        for action in ("substitute", "insert", "delete", "swap")
    ]
    random = Random(0)
    return once(lambda name: _first(random.choice(kinds).augment(name)))


def textattack_swaps() -> Callable[[str], list[str]]:
    """TextAttack's character transformations of a word, as its DeepWordBug recipe joins them."""
    from textattack.transformations import (
        CompositeTransformation,
        WordSwapNeighboringCharacterSwap,
        WordSwapRandomCharacterDeletion,
        WordSwapRandomCharacterInsertion,
        WordSwapRandomCharacterSubstitution,
    )

    kinds = CompositeTransformation(
        [
            WordSwapNeighboringCharacterSwap(),
            WordSwapRandomCharacterSubstitution(),
            WordSwapRandomCharacterDeletion(),
            WordSwapRandomCharacterInsertion(),
        ]
    ).transformations
    random = Random(0)

    def one(name: str) -> str:
        texts = random.choice(kinds)._get_replacement_words(name)  # noqa: SLF001  # no public way
        return str(random.choice(texts)) if texts else name

    return once(one)


def recall_table(rows: Sequence[tuple[str, Recall]]) -> Table:
    """Recall of each generator."""
    one, every = rows[0][1].counts
    table = Table(title=f"Recall: {one} misspellings with one edit, {every} in all")
    table.add_column("generator")
    for kind in ("1 edit", "all"):
        for limit in LIMITS:
            table.add_column(f"{kind}, {limit}", justify="right")
    for name, found in rows:
        shares = [*found.one_edit.values(), *found.all_edits.values()]
        table.add_row(name, *(f"{share:.1%}" for share in shares))
    return table


def reliability_table(bins: Sequence[Bin]) -> Table:
    """Expected and typed misspellings by probability."""
    table = Table(title="Calibration of the noisy channel")
    for column in ("mean probability", "misspellings", "expected", "typed"):
        table.add_column(column, justify="right")
    for one in bins:
        table.add_row(f"{one.probability:.2g}", str(one.n), f"{one.expected:.1f}", str(one.typed))
    return table


def draw(bins: Sequence[Bin], path: Path) -> None:
    """Write the reliability plot."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5))
    shown = [one for one in bins if one.typed]
    expected = [one.expected / one.n for one in shown]
    axes.loglog(expected, expected, color="grey", linewidth=1, label="perfect")
    axes.loglog(expected, [one.typed / one.n for one in shown], "o-", label="noisy channel")
    axes.set_xlabel("expected share of misspellings that people typed")
    axes.set_ylabel("observed share")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)


def _first(augmented: list[str] | str) -> str:
    return augmented if isinstance(augmented, str) else (augmented or [""])[0]


if __name__ == "__main__":
    main()
