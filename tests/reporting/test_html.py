from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import Markup, escape

from robustness.reporting.html import html_report
from robustness.reporting.html.diff import marked_names, pieces
from robustness.reporting.html.failures import MOST_BYTES, Failure, failure_list
from robustness.reporting.new_and_fixed import compared
from tests.reporting import made_up
from tests.reporting.golden_file import assert_golden


class Page(HTMLParser):
    """Collects tags, attributes, ids, targets and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.targets.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return made_up.results()


def test_it_needs_nothing_from_outside_and_every_link_has_its_target(
    results: dict[str, Any],
) -> None:
    page = Page(html_report(results))
    assert page.tags.count("script") == 1
    assert page.tags.count("h1") == 1
    assert all(target.startswith("#") for target in page.targets)
    assert {target[1:] for target in page.targets} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("table") == page.tags.count("caption")
    assert "style" not in page.attributes


def test_every_failure_says_all_that_it_should(results: dict[str, Any]) -> None:
    page = Page(html_report(results))
    text = re.sub(r"\s+", " ", page.text)
    for row in results["failures"]:
        assert row["case_id"] in page.ids
        assert row["replay"] in text
        assert row["question"].replace(row["misspelling"], row["name"]) in text
    assert "another drug's answer: warfarin" in text
    assert "w\u0430[U+0430]rfarin" in text
    assert "ib[U+200B]uprofen" in text
    assert "transposition, typed by people, 40 reports" in text
    assert "something else" in text


def test_the_order_of_reading(results: dict[str, Any]) -> None:
    html = html_report(results, compared(results, results))
    order = [
        "audited",
        "numbers",
        "gate",
        "critical",
        "slices",
        "tokens",
        "attribution",
        "must_differ",
        "invented",
        "drugs",
        "failures",
        "comparison",
        "errors",
        "collisions",
        "skipped",
        "method",
    ]
    places = [html.index(f'<h2 id="{name}"') for name in order]
    assert places == sorted(places)
    rows = [html.index(f'id="{row["case_id"]}"') for row in results["failures"]]
    assert rows == sorted(rows)


def test_sections_without_data_are_left_out(results: dict[str, Any]) -> None:
    bare = dict(results)
    for key in ("attribution", "must_differ", "invented", "noise_floor"):
        del bare[key]
    bare["rates"] = {"overall": dict.fromkeys(results["rates"]["overall"]), "by": {}}
    bare |= {"failures": [], "tokenizer": None, "gate": {"decision": "pass", "rules": []}}
    bare["data"] = results["data"] | {"rejected_collisions": [], "skipped_rows": []}
    bare["counts"] = results["counts"] | {"errors": 0}
    page = Page(html_report(bare))
    assert {"slices", "tokens", "attribution", "gate", "comparison", "skipped"}.isdisjoint(page.ids)
    assert {"audited", "numbers", "critical", "failures", "method"} <= set(page.ids)
    assert "nothing can be said" in page.text


def test_hostile_text_stays_text() -> None:
    html = html_report(made_up.hostile())
    page = Page(html)
    assert page.tags.count("script") == 1
    assert {"img", "iframe", "object"}.isdisjoint(page.tags)
    assert not {name for name in page.attributes if name.startswith("on")}
    assert all(target.startswith("#") for target in page.targets)
    assert "{{7*7}}" in page.text
    assert not re.search("[\x00\x1b\u202e\u200b\ud800]", html)
    assert "[U+202E]" in html
    assert "(1,000,000 characters)" in html
    assert len(html.encode()) < 5_000_000


def test_the_same_results_give_the_same_bytes(results: dict[str, Any]) -> None:
    assert html_report(results) == html_report(json.loads(json.dumps(results)))


def test_golden(results: dict[str, Any]) -> None:
    baseline = made_up.results() | {"failures": made_up.failures()[2:5]}
    html = html_report(results, compared(results, baseline))
    assert_golden("report.html", html, scrubs=("style", "script", "script hash", "plots"))


class Filler:
    """A list template whose records take a quarter of the room each, in characters of two bytes."""

    @staticmethod
    def heading(shared: Failure) -> Markup:
        return escape(shared.question)

    @staticmethod
    def record(_: Failure) -> Markup:
        return escape("\u00e9" * (MOST_BYTES // 8 - 20))


def test_a_list_that_is_too_long_is_cut_and_counted(results: dict[str, Any]) -> None:
    rows = results["failures"][:1] * 10
    found = failure_list(rows, Filler())
    assert [len(question.failures) for question in found.questions] == [4]
    assert found.hidden == 6
    assert len(found.leaflets) == 1


def test_what_the_failures_of_a_question_share_is_written_once() -> None:
    first = made_up.failure("0a0000000001", "metformin", "metfromin")
    same = made_up.failure("0a0000000002", "metformin", "metformine")
    others = [
        made_up.failure("0a0000000003", "metformin", "metforman", severity="minor"),
        made_up.failure("0a0000000004", "metformin", "metfornin", answer=None),
        made_up.failure("0a0000000005", "metformin", "metfrmin", question="Is metfrmin metfrmin?"),
    ]
    found = failure_list([first, others[1], same, others[2], others[0]], Filler()).questions
    assert [(str(each.heading), len(each.failures)) for each in found] == [
        ("What is metformin used for?", 2),
        ("What is metformin used for?", 1),
        ("Is metfrmin metfrmin?", 1),
    ]


@pytest.mark.parametrize(
    ("name", "misspelling", "meant", "written"),
    [
        ("metformin", "metformine", "metformin", "metformin<ins>e</ins>"),
        ("metformin", "netformin", "<del>m</del>etformin", "<ins>n</ins>etformin"),
        ("a&b", "a<b", "a<del>&amp;</del>b", "a<ins>&lt;</ins>b"),
        ("ab", "a\u200bb", "ab", "a<ins>[U+200B]</ins>b"),
        ("ab", "a b", "ab", "a<ins>\u2423</ins>b"),
        ("ab", "\u0430b", "<del>a</del>b", "<ins>\u0430[U+0430]</ins>b"),
    ],
)
def test_edits_are_marked_and_escaped(
    name: str, misspelling: str, meant: str, written: str
) -> None:
    assert tuple(map(str, marked_names(name, misspelling))) == (meant, written)


def test_very_long_names_and_cuts_stay_short() -> None:
    assert all(len(text) < 200 for text in marked_names("a" * 5000, "b" * 5000))
    assert str(pieces(["a"] * 1000)).endswith("(1,000 tokens)")
