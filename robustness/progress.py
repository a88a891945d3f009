"""Progress bars on stderr; they show only on a terminal, and listen like everything else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from robustness.answers.events import BatchAnswered, Event, Planned, Setback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from robustness.answers.events import Listener
    from robustness.training.training import Progress as TrainingProgress


@contextmanager
def audit_progress(console: Console) -> Iterator[Listener]:
    """A listener that shows how many prompts have their answers."""
    with _bar(console) as bar:
        task = bar.add_task("asking", total=None)

        def listen(event: Event) -> None:
            match event:
                case Planned():
                    bar.update(task, total=event.prompts)
                case BatchAnswered():
                    bar.advance(task, len(event.prompts))
                case Setback():
                    bar.advance(task)
                    bar.console.print(event.message, style="yellow", markup=False, soft_wrap=True)

        yield listen


@contextmanager
def training_progress(console: Console, steps: int) -> Iterator[TrainingProgress]:
    """A listener that shows steps, loss and accuracy on held-out drugs."""
    with _bar(console) as bar:
        task = bar.add_task("training", total=steps)

        def listen(*, step: int, loss: float, accuracy: float | None) -> None:
            held_out = "" if accuracy is None else f", held-out accuracy {accuracy:.3f}"
            bar.update(task, completed=step, description=f"training: loss {loss:.3f}{held_out}")

        yield listen


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
