"""Names that the tests of this folder draw from: known ones, and text that is no drug's name."""

from __future__ import annotations

import csv

from hypothesis import strategies as st

from robustness.drugs import table_path

with table_path("names").open(encoding="utf-8", newline="") as file:
    KNOWN = tuple(row["name"] for row in csv.DictReader(file))

WEIRD = (
    "",
    " ",
    "\n",
    "-",
    "a",
    "Z",
    "7",
    "2026",
    "e" * 500,
    "metformin" * 56,
    "x" * 5000,
    "\U0001f48a",
    "met\U0001f48aformin",
    "\u062f\u0648\u0627\u0621",
    "\u85e5",
    "\u200b",
    "e\u0301",
    "\u00c9phedrine",
    "\u0130stanbul",
    "stra\u00dfe",
    "\ud800",
    "met\ud800formin",
    "met\nformin",
    "METFORMIN",
    "buPROPion",
    "insulin glargine",
    "a-hydrocort",
    "<script>",
    "\x00metformin",
)

known_names = st.sampled_from(KNOWN)
any_text = st.one_of(st.sampled_from(WEIRD), st.text(max_size=30), known_names.map(str.upper))
