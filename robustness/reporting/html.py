"""The HTML failure report: one file, no script, no network, safe to open.

Everything that came from a model or a table is escaped by Jinja2. The same results give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from robustness.misspellings import edits_between
from robustness.reporting import wording
from robustness.reporting.plots import flip_rate_plot

_MOST_FAILURES = 1000
_MOST_DRUGS = 20
_LONGEST_TEXT = 2000


def html_report(results: dict[str, Any]) -> str:
    """The report as HTML text."""
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
        "visible": visible,
        "mark_edits": lambda row: mark_edits(row["name"], row["misspelling"]),
    }
    failures = results["failures"]
    return environment.get_template("report.html.j2").render(
        results=results,
        wording=wording,
        critical=[row for row in failures if row["severity"] == "critical"],
        others=[row for row in failures if row["severity"] != "critical"][:_MOST_FAILURES],
        hidden=max(0, sum(r["severity"] != "critical" for r in failures) - _MOST_FAILURES),
        worst=_worst_drugs(failures),
        plot=Markup(flip_rate_plot(results)),  # noqa: S704 - made by matplotlib from numbers
    )


def _finalized(value: Any) -> Any:
    """What the template puts out: plain text never with invisible characters."""
    return visible(value) if type(value) is str else value


def mark_edits(name: str, misspelling: str) -> Markup:
    """The misspelling with what differs from the name marked; a dropped letter leaves a gap.

    >>> str(mark_edits("metformin", "metfromin"))
    'metf<ins>ro</ins>min'
    >>> str(mark_edits("warfarin", "warfrin"))
    'warf<del>a</del>rin'
    """
    parts, position = [Markup("")], 0
    for edit in edits_between(name, misspelling):
        parts.append(escape(visible(name[position : edit.position])))
        if edit.after:
            parts.append(Markup("<ins>{}</ins>").format(visible(edit.after)))
        else:
            parts.append(Markup("<del>{}</del>").format(visible(edit.before)))
        position = edit.position + len(edit.before)
    parts.append(escape(visible(name[position:])))
    return Markup("").join(parts)


def visible(text: str) -> str:
    r"""A text with invisible characters written as code points, cut at `_LONGEST_TEXT`.

    >>> visible("a\u200bb")
    'a[U+200B]b'
    """
    shown = text[:_LONGEST_TEXT] + ("…" if len(text) > _LONGEST_TEXT else "")
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in shown)


def _worst_drugs(failures: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Drugs with the most changed answers: name, changed answers, critical ones."""
    changed = Counter(row["drug"] for row in failures if row["severity"] != "none")
    critical = Counter(row["drug"] for row in failures if row["severity"] == "critical")
    ordered = sorted(changed.items(), key=lambda item: (-critical[item[0]], -item[1], item[0]))
    return [(drug, count, critical[drug]) for drug, count in ordered[:_MOST_DRUGS]]
