"""The HTML failure report as a whole: one file, no network, readable without its script, safe to open.

Everything that came from a model or a table is escaped by Jinja2, and a content policy inside the file
allows no request and no other script. A section appears when the results have what it shows. The same
results give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from robustness.reporting import plots, wording
from robustness.reporting.html import optional_sections, sections
from robustness.reporting.html.changes import Changes, changes
from robustness.reporting.html.failures import Failure, FailureList, failure, failure_list
from robustness.reporting.notes import accuracy
from robustness.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.reporting.html.failures import ListTemplate
    from robustness.reporting.new_and_fixed import Comparison

_MOST_CRITICAL = 20
_FACETS = (
    ("severity", "Severity"),
    ("drug", "Drug"),
    ("channel", "Channel"),
    ("verdict", "Verdict"),
    ("relation", "Question"),
)
_TITLES = {
    "audited": "What was audited",
    "numbers": "Four numbers",
    "gate": "Gate",
    "critical": "Critical failures",
    "slices": "Where answers change",
    "tokens": "Tokenizer",
    "attribution": "The tokenizer's part",
    "must_differ": "Look-alikes",
    "invented": "Invented names",
    "drugs": "Worst drugs",
    "failures": "All failures",
    "comparison": "Since the earlier audit",
    "errors": "Errors",
    "collisions": "Collisions",
    "skipped": "Skipped rows",
    "method": "Method and limits",
}
"""Every section in the order of reading."""
_ALWAYS = ("audited", "numbers", "critical", "failures", "method")


@dataclass(frozen=True, slots=True)
class Page:
    """What the templates show in addition to the results themselves."""

    order: Sequence[str]
    """Names of the sections that are there."""
    contents: Sequence[tuple[str, str]]
    """Anchor and title of every section."""
    style: Markup
    script: Markup
    script_hash: str
    """SHA-256 of the script in base64: the one script that the content policy allows."""
    decision: str
    duration: str
    command: str
    headlines: Sequence[sections.Headline]
    accuracy: str
    """How often the model was right with either name; empty where it is not known."""
    critical: Sequence[Failure]
    critical_count: int
    plots: Sequence[plots.Plot]
    slice_tables: Sequence[sections.Table]
    worst: sections.Table
    list: FailureList
    compared: Changes | None
    collisions: sections.Table
    facets: Sequence[tuple[str, str]] = _FACETS

    @staticmethod
    def facet_label(key: str, value: str) -> str:
        """How a value to filter by is shown."""
        return (
            wording.VERDICT_WORDS.get(value, value)
            if key == "verdict"
            else wording.value_words(value)
        )


def html_report(results: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The report as HTML text.

    Args:
        results: What ``audit.json`` holds.
        comparison: Adds a section on what changed since an earlier audit.
    """
    environment = _environment()
    return environment.get_template("page.html.j2").render(
        results=results,
        wording=wording,
        optional_sections=optional_sections,
        page=_page(results, comparison, environment),
    )


def _page(results: dict[str, Any], comparison: Comparison | None, environment: Environment) -> Page:
    failures, rates = results["failures"], results["rates"]
    critical = [row for row in failures if row["severity"] == "critical"]
    present = _present(results, comparison)
    listed = cast("ListTemplate", environment.get_template("failure.html.j2").module)
    script = _asset("script.js")
    digest = hashlib.sha256(script.encode()).digest()
    return Page(
        order=present,
        contents=[(name, _TITLES[name]) for name in present],
        style=Markup(_asset("style.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(digest).decode(),
        decision=results["gate"]["decision"],
        duration=wording.duration(results["timing"]["wall_seconds"]),
        command=" ".join(visible(word) for word in results["run"]["command"]),
        headlines=sections.headlines(rates["overall"]),
        accuracy=accuracy(results),
        critical=[failure(row) for row in critical[:_MOST_CRITICAL]],
        critical_count=len(critical),
        plots=_plots(rates),
        slice_tables=sections.slice_tables(rates),
        worst=sections.worst_drugs(failures),
        list=failure_list(failures, listed),
        compared=changes(results, comparison) if comparison else None,
        collisions=sections.collisions(results["data"]["rejected_collisions"]),
    )


def _present(results: dict[str, Any], comparison: Comparison | None) -> list[str]:
    """The sections that the results have something for; one that is named like a key needs its value."""
    data = results["data"]
    shown = {
        "gate": bool(results["gate"]["rules"]),
        "skipped": bool(data.get("skipped_rows")),
        "slices": bool(results["rates"]["by"]),
        "tokens": bool(results["tokenizer"]),
        "drugs": any(row["severity"] != "none" for row in results["failures"]),
        "comparison": comparison is not None,
        "errors": bool(results["counts"]["errors"]),
        "collisions": bool(data["rejected_collisions"]),
    }
    return [name for name in _TITLES if shown.get(name, name in _ALWAYS or bool(results.get(name)))]


def _plots(rates: dict[str, Any]) -> list[plots.Plot]:
    others = [n for n in rates["by"] if n not in ("edits", "position", "group", "question")]
    drawn = (
        plots.heat_map(rates),
        plots.slice_plot(rates, ("edits", "position"), "consistency"),
        plots.slice_plot(rates, ["question"], "flip_rate"),
        plots.slice_plot(rates, sorted(others), "flip_rate"),
    )
    return [plot for plot in drawn if plot]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("robustness.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": wording.percent,
        "interval": wording.interval,
        "bounds": wording.bounds,
        "sentence": wording.sentence,
        "source_words": wording.source_words,
    }
    return environment


def _finalized(value: Any) -> Any:
    """What a template puts out: plain text never with invisible characters."""
    return visible(value) if type(value) is str else value


@cache
def _asset(name: str) -> str:
    return (files("robustness.reporting") / "templates" / name).read_text(encoding="utf-8")
