"""A real Chromium, and reports as files on disk. Without a browser these tests fail; they never skip."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from robustness.reporting.html import html_report
from robustness.reporting.new_and_fixed import compared
from robustness.results.audit_json import load_results
from tests.reporting import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Dialog, Page, Request

ROOT = Path(__file__).parents[3]
ARTEFACTS = ROOT / "build" / "browser"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "No Chromium on this machine. Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The kept sample, a report with every section, and one full of hostile text."""
    folder = tmp_path_factory.mktemp("reports")
    whole = made_up.results()
    texts = {
        "sample": html_report(load_results(ROOT / "reports" / "sample")),
        "whole": html_report(whole, compared(whole, whole | {"failures": made_up.failures()[2:5]})),
        "hostile": html_report(made_up.hostile(), compared(made_up.hostile(), whole)),
    }
    paths = {name: folder / f"{name}.html" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a file; whatever it asks for, says on the console or throws fails the test."""
    contexts = []
    trouble: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith("file:"):
            trouble.append(request.url)

    def note_dialog(dialog: Dialog) -> None:
        trouble.append(dialog.message)
        dialog.dismiss()

    def open_page(path: Path, *, anchor: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note_request)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", note_dialog)
        page.goto(path.as_uri() + anchor)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble
