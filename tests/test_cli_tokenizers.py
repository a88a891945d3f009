"""``robustness tokenizers`` from outside: terminal, JSON, page, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.test_cli import complaint, robustness
from tests.tokenizers.real import REAL

if TYPE_CHECKING:
    from pathlib import Path


class Page(HTMLParser):
    """Collects what matters for a reader who does not see the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.headers: list[dict[str, str | None]] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "th":
            self.headers.append(dict(attrs))
        if tag == "svg":
            self.images.append(dict(attrs))


def test_a_page_with_plots_tables_and_no_script(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    names = ["<b>$x$=" + REAL["cl100k"], "reader", "bytes", "SmolLM2=" + REAL["SmolLM2"]]
    run = robustness("tokenizers", *names, "--drugs", "metformin,warfarin", "--out", page)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "SmolLM2" in run.stdout
    assert str(page) in run.stdout
    text = page.read_text(encoding="utf-8")
    found = Page(text)
    assert "script" not in found.tags
    assert "<b>$x$" not in text
    assert "&lt;b&gt;$x$" in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert all(header.get("scope") for header in found.headers)
    assert found.tags.count("table") == found.tags.count("caption") == 4
    assert len(found.images) == 3
    assert all("a table on this page" in (image["aria-label"] or "") for image in found.images)
    for part in text.split("<svg ")[1:]:
        ET.fromstring("<svg " + part.split("</svg>")[0] + "</svg>")  # noqa: S314 - our own text
    again = tmp_path / "again.html"
    robustness("tokenizers", *names, "--drugs", "metformin,warfarin", "--out", again)
    assert again.read_bytes() == page.read_bytes()


def test_json_holds_the_ranking() -> None:
    run = robustness("tokenizers", "reader", "bytes", "--drugs", "metformin", "--json")
    rows = json.loads(run.stdout)["tokenizers"]
    assert [row["name"] for row in rows] == ["bytes", "reader"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.json"], "No such tokenizer"),
        (["bytes", "bytes"], "Two tokenizers of one name"),
        (["bytes", "--drugs", "metformn"], "Did you mean 'metformin'"),
        ([], "Missing argument"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], words: str) -> None:
    assert words in complaint(robustness("tokenizers", *arguments), 2)


def test_the_command_does_not_load_torch(tmp_path: Path) -> None:
    code = (
        "import sys, robustness.cli as c\n"
        f"sys.argv = ['robustness', 'tokenizers', 'reader', {REAL['cl100k']!r}, '--drugs', 'metformin',"
        f" '--out', {str(tmp_path / 'page.html')!r}]\n"
        "try: c.main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "False"
