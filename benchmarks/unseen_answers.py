"""How good the rules of verdicts are on two sets that were written before they were tried on them.

    python benchmarks/unseen_answers.py

The sets (``tests/verdicts/unseen.csv``, ``unseen_options.csv``) were written and labelled without looking at the
rules, which must not be mended on their rows.
"""

from __future__ import annotations

import csv
from pathlib import Path

from robustness.models.prompting import chosen
from robustness.verdicts import chosen_option, holds, named_instead

FOLDER = Path(__file__).parents[1] / "tests" / "verdicts"


def main() -> None:
    """Print shares of rows that are judged as their labels say."""
    answers, options = rows("unseen.csv"), rows("unseen_options.csv")
    agree = [holds_row(row) == (row["label"] == "held") for row in answers]
    show("free answers held or changed", agree)
    show("the other drug that is named, or none", [other(row) == row["other"] for row in answers])
    read = [(wanted(row), chosen_option(row["answer"], split(row))) for row in options]
    show("options read, verdicts", [a == b for a, b in read])
    show("options read as another one, verdicts", [b not in (a, None) for a, b in read])
    show("options read, models", [wanted(row) == chosen_by_models(row) for row in options])


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a set."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(row: dict[str, str]) -> list[str]:
    """The options of a row."""
    return row["options"].split(";")


def holds_row(row: dict[str, str]) -> bool:
    """Whether the rules say that the answer holds."""
    return holds(row["reference"], row["answer"], (row["drug"],))


def other(row: dict[str, str]) -> str:
    """The other drug that the rules find in an answer."""
    if holds_row(row):
        return ""
    return named_instead(row["drug"], row["reference"], row["answer"])


def wanted(row: dict[str, str]) -> str | None:
    """The option that a careful person reads."""
    return split(row)["ABCD".index(row["chosen"])] if row["chosen"] else None


def chosen_by_models(row: dict[str, str]) -> str | None:
    """The option that a model's reader takes, which keeps the answer where it takes none."""
    text = chosen(row["answer"], split(row))
    return text if text in split(row) else None


def show(title: str, right: list[bool]) -> None:
    """Print one share."""
    print(f"{title}: {sum(right)} of {len(right)}, {sum(right) / len(right):.1%}")  # noqa: T201


if __name__ == "__main__":
    main()
