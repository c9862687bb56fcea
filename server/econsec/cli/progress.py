"""How far a long command is: on a terminal, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.text import Text

__all__ = ["Counter", "counter", "working"]


@dataclass(frozen=True, slots=True)
class Counter:
    """A line that counts what has been read; `None` where nobody would see it."""

    _progress: Progress | None
    _task: TaskID

    def count(self, number: int) -> None:
        """So many so far."""
        if self._progress is not None:
            self._progress.update(self._task, completed=number)

    def turn_to(self, step: str) -> None:
        """What is being done now."""
        if self._progress is not None:
            self._progress.update(self._task, description=step)


class _Rate(ProgressColumn):
    """The count, and how many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        rate = f", {speed:,.0f}/s" if speed is not None else ""
        return Text(f"{task.completed:,.0f} {task.fields['unit']}{rate}")


@contextmanager
def counter(step: str, *, unit: str) -> Iterator[Counter]:
    """Show a count on standard error while something is done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Counter(None, TaskID(0))
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), _Rate())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Counter(progress, progress.add_task(step, total=None, unit=unit))


@contextmanager
def working(step: str) -> Iterator[None]:
    """Say on standard error what is being done while it is."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(step):
        yield
