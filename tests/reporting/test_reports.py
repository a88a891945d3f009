from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from robustness.audit import make_plan, run_audit, save_results
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.gate import Rule
from robustness.models import load_model
from robustness.reporting import FORMATS, write_reports
from robustness.reporting.html import html_report, mark_edits
from robustness.reporting.junit import junit_report
from robustness.reporting.markdown import markdown_report

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "</td><script>alert(1)</script>|`{{7*7}}`\u202e\x00\x1b[31m<img src=x onerror=y>\n# x"


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    plan = make_plan(load_drugs(), seed=0, budget=400)
    rules = [Rule("consistency", 0.9)]
    return run_audit(plan, load_model("planted:fragile"), rules=rules)


@pytest.fixture
def hostile(results: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(results)
    changed["model"]["spec"] = HOSTILE
    for row in changed["failures"]:
        row["answer_misspelled"] = {"text": HOSTILE * 200, "score": 0.5}
        row["misspelling"] = row["question"] = row["leaflet"] = row["gold"] = HOSTILE
    return changed


class Tags(HTMLParser):
    """Collects tags, ids and the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.targets.append(value or "")


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    return tags


def test_html_holds_every_failure_and_needs_nothing_from_outside(results: dict[str, Any]) -> None:
    html = html_report(results)
    tags = parsed(html)
    assert "script" not in tags.tags
    assert tags.tags.count("h1") == 1
    assert all(target.startswith("#") for target in tags.targets)
    assert {target[1:] for target in tags.targets} <= set(tags.ids)
    assert len(tags.ids) == len(set(tags.ids))
    assert {f"case-{row['case_id']}" for row in results["failures"]} <= set(tags.ids)
    assert tags.tags.count("table") == tags.tags.count("caption")


def test_critical_failures_come_first(results: dict[str, Any]) -> None:
    html = html_report(results)
    places = [html.index(f"case-{row['case_id']}") for row in results["failures"]]
    critical = [
        p
        for p, row in zip(places, results["failures"], strict=True)
        if row["severity"] == "critical"
    ]
    assert critical
    assert max(critical) < min(place for place in places if place not in critical)


def test_hostile_text_stays_text(hostile: dict[str, Any]) -> None:
    html = html_report(hostile)
    tags = parsed(html)
    assert {"script", "img"} & set(tags.tags) == set()
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "49" not in re.findall(r"`(.*?)`", html)
    assert "\x00" not in html
    assert "[U+202E]" in html
    assert len(html) < 30_000_000


def test_the_same_results_give_the_same_bytes(results: dict[str, Any]) -> None:
    assert html_report(results) == html_report(json.loads(json.dumps(results)))


def test_markdown_is_short_and_keeps_its_table(hostile: dict[str, Any]) -> None:
    text = markdown_report(hostile)
    assert len(text.encode()) < 60_000
    assert "<script>" not in text
    header = next(i for i, line in enumerate(text.splitlines()) if line.startswith("| severity"))
    table = text.splitlines()[header : header + 27]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {9}


def test_junit_is_xml_and_counts(results: dict[str, Any], hostile: dict[str, Any]) -> None:
    suite = ElementTree.fromstring(junit_report(results))[0]  # noqa: S314 - our own output
    failed = {row["drug"] for row in results["failures"]}
    assert int(suite.attrib["tests"]) == len(suite) == results["counts"]["drugs"]
    assert int(suite.attrib["failures"]) == len(suite.findall(".//failure")) == len(failed)
    assert "robustness replay" in (suite.findall(".//failure")[0].text or "")
    ElementTree.fromstring(junit_report(hostile))  # noqa: S314 - our own output


def test_an_audit_without_failures_and_one_without_answers(results: dict[str, Any]) -> None:
    clean = results | {"failures": []}
    empty = copy.deepcopy(clean)
    empty["rates"]["overall"] = dict.fromkeys(empty["rates"]["overall"])
    empty["rates"]["by"] = {}
    for each in (clean, empty):
        assert "<h1>" in html_report(each)
        assert markdown_report(each)
        assert junit_report(each)
    assert "nothing can be said" in html_report(empty)


@pytest.mark.parametrize(
    ("name", "misspelling", "marked"),
    [
        ("metformin", "metformine", "metformin<ins>e</ins>"),
        ("metformin", "netformin", "<ins>n</ins>etformin"),
        ("a&b", "a<b", "a<ins>&lt;</ins>b"),
        ("ab", "a\u200bb", "a<ins>[U+200B]</ins>b"),
    ],
)
def test_edits_are_marked_and_escaped(name: str, misspelling: str, marked: str) -> None:
    assert str(mark_edits(name, misspelling)) == marked


def test_all_formats_are_written_and_unknown_ones_refused(
    tmp_path: Path, results: dict[str, Any]
) -> None:
    written = write_reports(results, tmp_path)
    assert sorted(path.name for path in written) == sorted(
        ["report.html", "junit.xml", "summary.md", "audit.json"]
    )
    with pytest.raises(InputError, match="Did you mean 'html'"):
        write_reports(results, tmp_path, ["json", "htm"])
    assert len(FORMATS) == 4


def test_reports_are_made_again_without_torch(tmp_path: Path, results: dict[str, Any]) -> None:
    save_results(results, tmp_path)
    code = (
        "import sys; from pathlib import Path; from robustness.audit.results import load_results;"
        "from robustness.reporting import write_reports; folder = Path(sys.argv[1]);"
        "write_reports(load_results(folder), folder);"
        "assert not {'torch', 'transformers', 'hypothesis'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert (tmp_path / "report.html").read_text() == html_report(results)
