"""Measure the HTML report with 10,000 failures: size, time to make, first paint, and time to filter.

Usage: python benchmarks/report.py [--failures N] [--repeats N]

Failures are those of a planted model on the real tables, cut by the embedded reader's tokenizer. The report
is compared, in the same run and browser, with what one would write first: one table row a failure, the
leaflet in every row, the differences from difflib, and a filter that shows and hides rows by their text.
Needs Chromium and the extra ``browser``.
"""

from __future__ import annotations

import argparse
import difflib
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.reporting.html import html_report
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

READER = Path(__file__).parents[1] / "robustness" / "weights" / "reader"
NAIVE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Failures</title>
<input type="search" name="text"><table>{% for row in rows %}
  <tr id="case-{{ row.case_id }}">
    <td>{{ row.name }}</td>
    <td>{% for kind, text in row.marked %}<span class="{{ kind }}">{{ text }}</span>{% endfor %}</td>
    <td>{% for piece in row.tokens %}<span class="piece">{{ piece }}</span>{% endfor %}</td>
    <td>{% for piece in row.tokens_misspelled %}<span class="piece">{{ piece }}</span>{% endfor %}</td>
    <td>{{ row.question }}</td>
    <td><details><summary>Leaflet</summary>{{ row.leaflet }}</details></td>
    <td>{{ row.answer.text }} {{ row.answer.score }}</td>
    <td>{{ row.answer_misspelled.text }} {{ row.answer_misspelled.score }}</td>
    <td>{{ row.gold }}</td>
    <td>{{ row.severity }} {{ row.verdict }} {{ row.answered_for }} {{ row.group }}</td>
    <td>{{ row.operator }} {{ row.channel }} {{ row.reports }} {{ row.probability }}</td>
    <td><code>{{ row.replay }}</code></td>
  </tr>{% endfor %}
</table><script>
document.querySelector("input").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const row of document.querySelectorAll("tr")) {
    row.style.display = row.textContent.toLowerCase().includes(wanted) ? "" : "none";
  }
});
</script>"""
_FILTER = """async (text) => {
  const field = document.querySelector("input[type=search]");
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.documentElement.getBoundingClientRect();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
}"""
_GO_TO_LIST = "document.querySelector('input[type=search]').scrollIntoView()"
"""What a reader does first. In the next frame Chromium reads the page's text for itself, once after a load."""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def made_failures(count: int) -> dict[str, Any]:
    """Results with so many failures, all of real names, misspellings, leaflets and cuts."""
    plan = make_plan(load_drugs(), seed=0, budget=int(count * 1.6))
    results = run_audit(plan, load_model("planted:fragile"))
    rows = results["failures"][:count]
    if len(rows) < count:
        sys.exit(f"Only {len(rows)} failures.")
    tokenizer = load_tokenizer(READER)
    for key, cut in (("name", "tokens"), ("misspelling", "tokens_misspelled")):
        for row, cuts in zip(rows, tokenizer.pieces([row[key] for row in rows]), strict=True):
            row[cut] = cuts
    return results | {"failures": rows}


def naive_report(results: dict[str, Any]) -> str:
    """What one would write first."""
    for row in results["failures"]:
        matcher = difflib.SequenceMatcher(None, row["name"], row["misspelling"])
        row["marked"] = [
            (kind, row["misspelling"][j1:j2]) for kind, _, _, j1, j2 in matcher.get_opcodes()
        ]
    template = Environment(autoescape=True).from_string(NAIVE)
    return template.render(rows=results["failures"])


def timed(make: Callable[[dict[str, Any]], str], results: dict[str, Any], repeats: int) -> float:
    """Median seconds to make a report."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        make(results)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def in_browser(browser: Browser, path: Path, repeats: int) -> tuple[float, float, float]:
    """Median milliseconds to the first paint and of a filter, and the slowest filter."""
    paints, filters = [], []
    for _ in range(repeats):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri(), timeout=120_000)  # the naive table takes its time
        page.wait_for_function(f"({_PAINT}) !== null")
        paints.append(page.evaluate(_PAINT))
        page.wait_for_timeout(1500)  # let either read its texts
        page.evaluate(_GO_TO_LIST)
        page.wait_for_timeout(500)
        for text in ("metformin", "oral", "", "critical warf", "nothing at all", ""):
            filters.append(page.evaluate(_FILTER, text))
        page.close()
    return statistics.median(paints), statistics.median(filters), max(filters)


def main() -> None:
    """Print the figures of both reports."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    results = made_failures(options.failures)
    html_report(results)  # imports and templates are not what is measured
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        for name, make in (("this report", html_report), ("naive table", naive_report)):
            path = Path(folder) / f"{name.replace(' ', '-')}.html"
            path.write_text(make(results), encoding="utf-8")
            seconds = timed(make, results, options.repeats)
            paint, median, slowest = in_browser(browser, path, options.repeats)
            shown = path.read_text(encoding="utf-8").count("robustness replay ")
            sys.stdout.write(
                f"{name}: {shown:,} failures, {path.stat().st_size / 1e6:.2f} MB, made in "
                f"{seconds:.2f} s; first paint {paint:.0f} ms; filter {median:.0f} ms, "
                f"slowest {slowest:.0f} ms\n"
            )
        browser.close()


if __name__ == "__main__":
    main()
