"""A progress bar on stderr for work in several phases."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_QUIET_SECONDS = 1.0


class PhaseBar:
    """A bar per phase, shown only where somebody watches and has waited for a second."""

    def __init__(self) -> None:
        """Start the waiting."""
        self._watched = sys.stderr.isatty()
        self._began = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def told(self, phase: str, done: int, total: int) -> None:
        """Take in how much of a phase is done, and of how much."""
        if not self._watched or time.monotonic() - self._began < _QUIET_SECONDS:
            return
        if self._bar is None:
            self._bar = started_bar()
        if phase not in self._tasks:
            self._tasks[phase] = self._bar.add_task(phase, total=total)
        self._bar.update(self._tasks[phase], completed=done, total=total)


def started_bar() -> Progress:
    """Return a bar on stderr, begun, that leaves nothing behind when it stops."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar
