"""Draw a million misspellings over all names and channels, and count what must not be among them.

What is checked: no-ops (the name itself), duplicates within a name and channel, exact collisions (another
drug's name, read from the table here and not through the oracle), and near collisions (another drug's
name as near as the intended one, worked out over all names at once). Exits with 1 where any was found.

    python benchmarks/misspelling_draws.py [--limit 36] [--every 1] [--from 0]
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from robustness.drugs import table_path
from robustness.drugs.known_names import normalise
from robustness.errors import InputError
from robustness.misspellings import misspell_through, sample
from robustness.misspellings.channels import CHANNELS

OTHER_NAMES = (
    "abbreviation",
    "ambiguous abbreviation",
    "brand for generic",
    "generic for brand",
    "brand for brand",
)
"""Operators that give another name of the same drug, for which only the exact rule holds."""


class Names:
    """All known names, read apart from the oracle that is being checked."""

    def __init__(self) -> None:
        self.written: list[str] = []
        substances: dict[str, set[str]] = defaultdict(set)
        with table_path("names").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.written.append(row["name"])
                substances[normalise(row["name"])].add(row["substance"])
        self.substances = dict(substances)
        self.keys = list(self.substances)

    def collisions(self, name: str, texts: list[str], others: list[str]) -> Counter[str]:
        """Exact collisions among all texts, near ones among distorted names that are no name of the drug."""
        own = self.substances[normalise(name)]
        exact = sum(bool(self.substances.get(normalise(t), own).isdisjoint(own)) for t in texts)
        foreign = [key for key in self.keys if self.substances[key].isdisjoint(own)]
        keys = [normalise(text) for text in texts if text not in others]
        distorted = [key for key in keys if self.substances.get(key, set()).isdisjoint(own)]
        if not distorted:
            return Counter(exact_collisions=exact)
        meant = [OSA.distance(text, normalise(name)) for text in distorted]
        nearest = cdist(
            distorted, foreign, scorer=OSA.distance, score_cutoff=max(meant), dtype=np.uint16
        ).min(axis=1)
        return Counter(exact_collisions=exact, near_collisions=int(np.sum(nearest <= meant)))


class Tally:
    """What was drawn, how long it took, and what was found wrong."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.found: Counter[str] = Counter()
        self.drawn: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)

    def add(self, channel: str, name: str, limit: int, seed: int) -> None:
        """Draw from one channel, and check what came."""
        start = time.perf_counter()
        try:
            if channel == "noisy":
                group = sample(name, limit, seed)
            else:
                group = misspell_through(channel, name, limit=limit, seed=seed)
        except InputError:  # fewer than two letters, as in P-32
            self.refused[channel] += 1
            return
        self.seconds[channel] += time.perf_counter() - start
        texts = [one.text for one in group]
        others = [one.text for one in group if one.operator in OTHER_NAMES]
        self.drawn[channel] += len(texts)
        self.found["no_ops"] += texts.count(name)
        self.found["duplicates"] += len(texts) - len(set(texts))
        self.found.update(self.names.collisions(name, texts, others))

    def lines(self) -> list[str]:
        """The counts, as lines to print."""
        speed = [
            f"{channel:12} {count:9,} draws  {count / self.seconds[channel]:9,.0f} a second"
            for channel, count in self.drawn.items()
        ]
        kinds = ("no_ops", "duplicates", "exact_collisions", "near_collisions")
        wrong = [f"{kind.replace('_', ' '):20} {self.found[kind]}" for kind in kinds]
        refused = f"{'refused names':20} {self.refused.total()}"
        return [*speed, f"{'all':12} {self.drawn.total():9,} draws", *wrong, refused]


def main() -> int:
    """Draw, count and print."""
    parser = argparse.ArgumentParser(description="Count what must not be among the draws.")
    parser.add_argument("--limit", type=int, default=36, help="misspellings a name and channel")
    parser.add_argument("--every", type=int, default=1, help="take every so manieth name")
    parser.add_argument("--from", type=int, default=0, dest="first", help="index of the first name")
    options = parser.parse_args()
    tally = Tally(Names())
    for seed, name in enumerate(tally.names.written[options.first :: options.every]):
        for channel in (*CHANNELS, "noisy"):
            tally.add(channel, name, options.limit, seed)
    sys.stdout.write("\n".join(tally.lines()) + "\n")
    return 1 if tally.found.total() else 0


if __name__ == "__main__":
    sys.exit(main())
