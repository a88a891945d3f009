"""Draw a training curve as SVG: loss and held-out accuracy against steps."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.training.checkpoint import CurvePoint


def draw_curve(curve: Sequence[CurvePoint]) -> str:
    """An SVG picture of a training run; the same curve gives the same text.

    Args:
        curve: Points in the order of their steps, at least one.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    steps = [point.step for point in curve]
    with rc_context({"svg.hashsalt": "robustness", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        left = figure.subplots()
        right = left.twinx()
        left.plot(steps, [p.loss for p in curve], color="#a63603", marker="o", label="loss")
        right.plot(
            steps,
            [p.held_out_accuracy for p in curve],
            color="#08519c",
            marker="s",
            linestyle="--",
            label="accuracy on held-out drugs",
        )
        left.set(xlabel="step", ylabel="training loss (nats)", ylim=(0, None))
        right.set(ylabel="accuracy on held-out drugs", ylim=(0, 1.02))
        left.set_title("Training of the reader")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
