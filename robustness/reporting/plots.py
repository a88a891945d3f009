"""Plots of an audit as inline SVG, drawn by matplotlib from the numbers in the tables next to them.

They take the colours of the page, carry a text alternative, and use presentation attributes alone, so that
a viewer which forbids inline styles shows them too. The same numbers give the same bytes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from robustness.reporting.wording import METRIC_TITLES, SLICE_TITLES, ordered, value_words
from robustness.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

_INK, _DATA = "#010203", "#040506"
"""Stand-ins for the colour of text and of data; the page says what they are."""
_FEWEST = 10
"""Below so many pairs a cell of the heat map is greyed."""
_LONGEST_LABEL = 32


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure of the report."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Interval:
    """One line of a plot of intervals."""

    label: str
    rate: dict[str, Any]
    """A saved rate."""


def slice_plot(rates: dict[str, Any], names: Sequence[str], metric: str) -> Plot | None:
    """A metric with its interval for every value of some slices.

    Args:
        rates: ``rates`` of the results.
        names: Slices; those that are missing are left out.
        metric: Which of the rates.

    Returns:
        None when there is nothing to plot.
    """
    groups = []
    for name in names:
        values = ordered(name, rates["by"].get(name, {}))
        lines = [
            Interval(value_words(value), found[metric]) for value, found in values if found[metric]
        ]
        if lines:
            groups.append((SLICE_TITLES.get(name, name), lines))
    titles = " and ".join(title.lower() for title, _ in groups)
    return interval_plot(groups, caption=f"{METRIC_TITLES[metric]} by {titles}, %")


def interval_plot(groups: Sequence[tuple[str, Sequence[Interval]]], *, caption: str) -> Plot | None:
    """Rates with their intervals, one line each, under the titles of their groups."""
    if not groups:
        return None
    labels: list[tuple[float, str, bool]] = []
    dots: list[tuple[float, dict[str, Any]]] = []
    place = 0.0
    for title, lines in groups:
        labels.append((place, title, True))
        for line in lines:
            place += 1
            labels.append((place, line.label, False))
            dots.append((place, line.rate))
        place += 1.6
    figure = _figure(5.6, 0.5 + 0.2 * place)
    axes = figure.subplots()
    _draw_intervals(axes, dots)
    axes.set_yticks([at for at, _, _ in labels], [_label(text) for _, text, _ in labels])
    for text, (_, _, bold) in zip(axes.get_yticklabels(), labels, strict=True):
        text.set_fontweight("bold" if bold else "normal")
    axes.set_ylim(place - 0.9, -0.7)
    said = "; ".join(
        f"{line.label} {line.rate['estimate'] * 100:.1f} %" for _, lines in groups for line in lines
    )
    return Plot(_svg(figure, f"{caption}: {said}"), caption)


def heat_map(rates: dict[str, Any], metric: str = "flip_rate") -> Plot | None:
    """A metric for every drug group (rows) in every channel (columns); None where it was not saved."""
    cells = rates.get("grid", {}).get("cells", {})
    rows = sorted(cells)
    columns = sorted({column for found in cells.values() for column in found})
    if not rows:
        return None
    figure = _figure(5.6, 0.7 + 0.27 * len(rows))
    axes = figure.subplots()
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            _draw_cell(axes, (x, y), cells[row].get(column, {}).get(metric))
    axes.set_xticks([x + 0.5 for x in range(len(columns))], [_label(name) for name in columns])
    axes.set_yticks(
        [y + 0.5 for y in range(len(rows))], [_label(value_words(name)) for name in rows]
    )
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    caption = f"{METRIC_TITLES[metric]} by drug group and channel, %"
    said = f"{caption}, {len(rows)} groups and {len(columns)} channels; the table below has the numbers"
    return Plot(_svg(figure, said), f"{caption} (grey: fewer than {_FEWEST} pairs)")


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _draw_intervals(axes: Any, dots: Sequence[tuple[float, dict[str, Any]]]) -> None:
    for place, rate in dots:
        low, high = rate["low"] * 100, rate["high"] * 100
        axes.plot([low, high], [place, place], color=_DATA, linewidth=1.6)
        estimate = [rate["estimate"] * 100]
        axes.plot(estimate, [place], "o", color=_DATA, markersize=4.5, clip_on=False)
        axes.text(
            1.02,
            place,
            f"n = {rate['n']:,}",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8,
        )
    lowest = min(rate["low"] for _, rate in dots) * 100
    highest = max(rate["high"] for _, rate in dots) * 100
    room = max(1.0, (highest - lowest) * 0.06)
    axes.set_xlim(max(0, lowest - room), min(100, highest + room) or 1)
    axes.grid(axis="x", color=_INK, alpha=0.18, linewidth=0.6)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=_INK)


def _draw_cell(axes: Any, corner: tuple[int, int], rate: dict[str, Any] | None) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    if rate is None:
        return
    share, few = rate["estimate"], rate["n"] < _FEWEST
    colour = "#dedad2" if few else to_hex(colormaps["OrRd"](0.05 + 0.95 * min(1.0, share)))
    axes.add_patch(Rectangle((corner[0] + 0.02, corner[1] + 0.04), 0.96, 0.92, facecolor=colour))
    dark = share > 0.55 and not few
    axes.text(
        corner[0] + 0.5,
        corner[1] + 0.5,
        f"{share * 100:.0f}  n={rate['n']:,}",
        ha="center",
        va="center",
        color="#ffffff" if dark else "#000000",
        fontsize=8,
    )


def _label(text: str) -> str:
    """A text that matplotlib takes as it is: no mathematics, no line that is too long."""
    return visible(text, longest=_LONGEST_LABEL).replace("$", r"\$")


def _svg(figure: Figure, label: str) -> Markup:
    """A figure as an SVG element with a text alternative, with the page's colours."""
    from matplotlib import rc_context
    from matplotlib.text import Text

    label = visible(label)
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": ascii(label), "svg.fonttype": "none"}):
        for text in figure.findobj(Text):
            if isinstance(text, Text) and text.get_color() == "black":
                text.set_color(_INK)
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([^\")]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    svg = re.sub(r' style="([^"]*)"', lambda found: _attributes(found[1]), svg)
    svg = svg.replace(_INK, "currentColor").replace(f'"{_DATA}"', '"currentColor" class="data"')
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    described = f'role="img" aria-label="{escape(label)}" '
    return Markup(svg.replace("<svg ", f"<svg {described}", 1))  # noqa: S704 - made by matplotlib


def _attributes(style: str) -> str:
    """The declarations of a style attribute as presentation attributes.

    >>> _attributes("fill: none; font: 8px 'DejaVu Sans', sans-serif; text-anchor: middle")
    ' fill="none" font-size="8px" text-anchor="middle"'
    """
    written = ""
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            weight = ' font-weight="bold"' if "bold" in value or "700" in value else ""
            size = re.search(r"[\d.]+px", value)
            written += weight + (f' font-size="{size[0]}"' if size else "")
        else:
            written += f' {name}="{value}"'
    return written
