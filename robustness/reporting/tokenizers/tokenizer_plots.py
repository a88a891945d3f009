"""Plots of a comparison of tokenizers as inline SVG; the tables next to them hold the same numbers."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = "osD^vP*X<>hd"


def values_of(comparison: dict[str, Any], kind: str) -> list[str]:
    """The channels or numbers of edits that occur, in order."""
    return sorted({v for one in comparison["tokenizers"] for v in one["stability_by"][kind]})


def fertility(comparison: dict[str, Any]) -> str:
    """Pieces of a correct and of a misspelled name, by tokenizer."""
    rows = comparison["tokenizers"][::-1]
    with _axes(height=0.9 + 0.36 * len(rows)) as (figure, axes):
        for shift, key, label in (
            (0.2, "fertility_correct", "correct name"),
            (-0.2, "fertility_misspelled", "misspelling"),
        ):
            places = [place + shift for place in range(len(rows))]
            axes.barh(places, [row[key] for row in rows], height=0.36, label=label)
        axes.set_yticks(range(len(rows)), [_plain(row["name"]) for row in rows])
        axes.set_xlabel("pieces a name (fertility)")
        axes.legend(frameon=False, loc="lower right")
        return _svg(figure, "Pieces of a correct and of a misspelled name by tokenizer")


def stability_by_edits(comparison: dict[str, Any]) -> str:
    """Stability with interval by number of edits, a line a tokenizer."""
    edits = values_of(comparison, "edits")
    rows = comparison["tokenizers"]
    with _axes(height=4.2) as (figure, axes):
        for number, row in enumerate(rows):
            means = row["stability_by"]["edits"]
            own = [place for place, value in enumerate(edits) if value in means]
            found = [means[edits[place]] for place in own]
            places = [place + 0.5 * (number / max(1, len(rows) - 1) - 0.5) for place in own]
            heights = [one["estimate"] for one in found]
            below = [max(0.0, one["estimate"] - one["low"]) for one in found]
            above = [max(0.0, one["high"] - one["estimate"]) for one in found]
            marker = _MARKERS[number % len(_MARKERS)]
            axes.errorbar(
                places,
                heights,
                [below, above],
                fmt=marker,
                ms=4,
                capsize=2,
                label=_plain(row["name"]),
            )
        axes.set_xticks(range(len(edits)), edits)
        axes.set(xlabel="edits", ylabel="stability, 95 % interval", ylim=(0, 1))
        axes.legend(frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
        return _svg(figure, "Stability with interval by number of edits, for each tokenizer")


def heat_map(comparison: dict[str, Any]) -> str:
    """Stability of each tokenizer in each channel."""
    channels, rows = values_of(comparison, "channel"), comparison["tokenizers"]
    with _axes(height=1.4 + 0.34 * len(rows)) as (figure, axes):
        means = [[row["stability_by"]["channel"].get(name) for name in channels] for row in rows]
        shares = [[one["estimate"] if one else float("nan") for one in line] for line in means]
        image = axes.imshow(shares, vmin=0, vmax=1, aspect="auto", cmap="cividis")
        axes.set_xticks(range(len(channels)), channels, rotation=30, ha="right")
        axes.set_yticks(range(len(rows)), [_plain(row["name"]) for row in rows])
        for line, cells in enumerate(shares):
            for column, share in enumerate(cells):
                ink = "black" if share > 0.5 else "white"
                axes.text(
                    column, line, f"{share:.2f}", ha="center", va="center", color=ink, fontsize=7
                )
        axes.grid(visible=False)
        figure.colorbar(image, ax=axes, label="stability")
        return _svg(figure, "Stability of each tokenizer in each channel of misspellings")


@contextmanager
def _axes(*, height: float) -> Iterator[tuple[Figure, Axes]]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as NewFigure

    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none", "font.size": 9}):
        figure = NewFigure(figsize=(8, height), layout="constrained")
        axes = figure.subplots()
        axes.grid(axis="both", alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        yield figure, axes


def _svg(figure: Figure, label: str) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()[buffer.getvalue().index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    described = f'role="img" aria-label="{label}; a table on this page has the numbers" '
    return svg.replace("<svg ", f"<svg {described}", 1)


def _plain(name: str) -> str:
    """A name that matplotlib does not take for a formula, and that has no invisible characters."""
    shown = "".join(c if c.isprintable() else "?" for c in name)
    return shown[:24].replace("$", r"\$")
