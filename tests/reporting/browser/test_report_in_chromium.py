"""The report in a real browser: accessible, safe, quiet, and the same without its script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.reporting.browser.conftest import ARTEFACTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
REPORTS = ["sample", "whole", "hostile"]
NARROW, WIDE = {"width": 375, "height": 900}, {"width": 1280, "height": 900}
SHOWN = "#list > li:not([hidden]) li:not([hidden])"


def texts(page: Page, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", text) for text in page.locator(selector).all_text_contents()]


def expected(locator: Locator) -> Any:
    """What is waited for, without running a text as script in the page, which its policy forbids."""
    from playwright.sync_api import expect

    return expect(locator)


def overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_no_violation(
    reports: dict[str, Path], opened: Open, name: str, scheme: str, viewport: dict[str, int]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(reports[name], color_scheme=scheme, viewport=viewport)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    # What is off screen is not laid out, so texts that axe measures there would seem to overlap.
    page.add_style_tag(content="#list > li { content-visibility: visible !important; }")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": tags})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [320, 375, 800, 1280])
def test_nothing_overflows(reports: dict[str, Path], opened: Open, name: str, width: int) -> None:
    page = opened(reports[name], viewport={"width": width, "height": 900})
    assert overflow(page) <= 0
    spilled = page.evaluate(
        """() => [...document.querySelectorAll('#list li, h1, .facts dd, .headlines li')]
            .filter(each => each.scrollWidth > each.clientWidth + 1).length"""
    )
    assert spilled == 0


@pytest.mark.parametrize("name", REPORTS)
def test_without_script_it_holds_the_same(
    reports: dict[str, Path], opened: Open, name: str
) -> None:
    scripted = opened(reports[name])
    plain = opened(reports[name], java_script_enabled=False)
    assert scripted.locator("#filters").is_visible()
    assert not plain.locator("#filters").is_visible()
    for selector in ("#list li", "main > section > h2", "tbody tr", "figure"):
        assert texts(plain, selector) == texts(scripted, selector)
    assert plain.locator("#list li li").first.is_visible()


def test_a_policy_that_forbids_scripts_and_styles_leaves_it_readable(
    reports: dict[str, Path], opened: Open, tmp_path: Path
) -> None:
    """As some CI servers send it; the file's own policy is replaced, so that nothing is logged."""
    text = reports["whole"].read_text(encoding="utf-8")
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", text, flags=re.DOTALL)
    strict = re.sub(r'(Policy" content=")[^"]*', r"\1default-src 'none'", text)
    path = tmp_path / "strict.html"
    path.write_text(strict, encoding="utf-8")
    page = opened(path)
    assert texts(page, "#list li") == texts(opened(reports["whole"]), "#list li")
    page.screenshot(path=ARTEFACTS / "no-style.png")


def test_nothing_hostile_runs(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["hostile"])
    page.wait_for_timeout(300)
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.images.length + document.querySelectorAll('iframe').length") == 0
    handlers: Any = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(each => each.getAttributeNames())
            .filter(name => name.startsWith('on'))"""
    )
    assert handlers == []
    assert "49" not in page.title()


def test_filters_narrow_the_list(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["whole"])
    total = page.locator(SHOWN).count()
    page.locator("select[name=severity]").select_option("moderate")
    assert {text.strip() for text in texts(page, f"{SHOWN} b")} == {"moderate"}
    assert (
        page.locator("output").inner_text() == f"{page.locator(SHOWN).count()} of {total} failures"
    )
    page.locator("select[name=channel]").select_option("unicode")
    expected(page.locator(SHOWN)).to_have_count(1)
    page.get_by_role("button", name="Show all").click()
    expected(page.locator(SHOWN)).to_have_count(total)
    page.locator("select[name=drug]").select_option("metformin")
    assert all("metfromin" in text for text in texts(page, SHOWN))
    page.locator("select[name=drug]").select_option("any")
    page.locator("#filters").get_by_label("Search").fill("Zopidem temozolomide")
    expected(page.locator(SHOWN)).to_have_count(0)
    page.locator("#filters").get_by_label("Search").fill("zopidem USED")
    expected(page.locator(SHOWN)).to_have_count(1)
    page.locator("#filters").get_by_label("Search").fill("")
    page.locator("select[name=verdict]").select_option("no answer")
    expected(page.locator(SHOWN)).to_have_count(1)


def test_sorting(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["whole"])
    first = "#list > li:first-child li"
    assert "zolpidem" in texts(page, first)[0]
    page.locator("select[name=sort]").select_option("by drug")
    names = texts(page, "#list h3")
    assert names == sorted(names)
    page.locator("select[name=sort]").select_option("most often typed")
    assert "zolpidem" in texts(page, first)[0]
    page.locator("select[name=sort]").select_option("surest of the changed answer")
    assert "digoxin" in texts(page, "#list h3")[-1]
    button = page.locator("#drugs ~ div").get_by_role("button", name="Drug", exact=True)
    button.click()
    drugs = texts(page, "#drugs ~ div tbody th")
    assert drugs == sorted(drugs, reverse=True)
    button.press("Enter")
    assert texts(page, "#drugs ~ div tbody th") == sorted(drugs)
    assert page.locator("[aria-sort=ascending]").count() == 1


def test_folding(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["whole"])
    tokens = page.locator("#list u").first
    assert tokens.is_visible()
    page.locator("#filters").get_by_label("One line each").check()
    assert not tokens.is_visible()
    heights = page.locator("#list li li").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert max(heights) < 35


def test_anchors_lead_to_their_failure(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["sample"])
    last = page.locator("#list li li").last.get_attribute("id")
    linked = opened(reports["sample"], anchor=f"#{last}")
    target = linked.locator(f"[id='{last}']")
    expected(target).to_be_in_viewport()
    page.locator("#filters").get_by_label("Search").fill("no such failure at all")
    page.locator("#critical ~ div a").nth(1).click()
    expected(page.locator("#list > li:not([hidden]) li:target:not([hidden])")).to_have_count(1)
    page.locator("#list > li:not([hidden]) a[href^='#l']").first.click()
    assert page.locator("#leaflets p:target").is_visible()


def test_it_works_by_keyboard_alone(reports: dict[str, Path], opened: Open) -> None:
    page = opened(reports["whole"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to all failures"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "text"
    page.keyboard.type("metfromin")
    expected(page.locator(SHOWN)).to_have_count(1)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_paper(reports: dict[str, Path], opened: Open, paper: str) -> None:
    page = opened(reports["sample"])
    pdf = page.pdf(format=paper, path=ARTEFACTS / f"print-{paper}.pdf")
    assert pdf.startswith(b"%PDF")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690 if paper == "A4" else 710, "height": 1000})
    assert overflow(page) <= 0
    assert not page.locator("#filters").is_visible()


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("anchor", ["", "#critical", "#slices", "#failures"])
@pytest.mark.parametrize(
    ("look", "options"),
    [
        ("light", {"viewport": WIDE}),
        ("dark", {"viewport": WIDE, "color_scheme": "dark"}),
        ("narrow", {"viewport": NARROW}),
    ],
)
def test_screenshots_are_kept(  # noqa: PLR0917 - what pytest parametrizes
    reports: dict[str, Path], opened: Open, name: str, anchor: str, look: str, options: Any
) -> None:
    page = opened(reports[name], anchor=anchor, **options)
    path = ARTEFACTS / f"{name}-{look}{anchor.replace('#', '-')}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 5000
