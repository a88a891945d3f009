"""Plots of an audit as inline SVG, with the numbers that they show kept in tables beside them."""

from __future__ import annotations

import io
import re
from typing import Any

from robustness.reporting.wording import SLICE_TITLES


def flip_rate_plot(results: dict[str, Any]) -> str:
    """Flip rate with interval by slice, as an SVG element; empty when there is nothing to plot."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows: list[tuple[str, dict[str, Any]]] = []
    for name, values in sorted(results["rates"]["by"].items()):
        rows += [
            (f"{SLICE_TITLES.get(name, name)}: {value}", rates["flip_rate"])
            for value, rates in sorted(values.items())
            if rates["flip_rate"]
        ]
    if not rows:
        return ""
    rows.reverse()
    places = range(len(rows))
    shares = [rate["estimate"] * 100 for _, rate in rows]
    below = [max(0.0, (rate["estimate"] - rate["low"]) * 100) for _, rate in rows]
    above = [max(0.0, (rate["high"] - rate["estimate"]) * 100) for _, rate in rows]
    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(8, 0.6 + 0.24 * len(rows)), layout="constrained")
        axes = figure.subplots()
        axes.errorbar(
            shares, places, xerr=[below, above], fmt="o", markersize=4, capsize=2, color="C0"
        )
        axes.set_yticks(list(places), [label.replace("$", r"\$") for label, _ in rows])
        axes.set(xlabel="flip rate with 95 % interval (%)", xlim=(0, None))
        axes.grid(axis="x", alpha=0.3)
        axes.spines[["top", "right", "left"]].set_visible(False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()[buffer.getvalue().index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    described = 'role="img" aria-label="Flip rate with 95 % interval by slice; the table below has the numbers" '
    return svg.replace("<svg ", f"<svg {described}", 1)
