"""Progress of what takes longer than a second: a bar with counts and rate on a terminal, and silence elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Self

from heinola_es.commands.printing import console, on_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

SHOWN_AFTER_SECONDS = 1.0


class Progress:
    """Stages of a long command, each with so many things to do.

    Attributes:
        shown: whether anybody sees it; by default whether the standard error is a terminal.
    """

    def __init__(self, *, shown: bool | None = None, clock: Callable[[], float] = monotonic) -> None:
        """Take the time by a clock whose seconds only go forward."""
        self.shown = on_terminal(sys.stderr) if shown is None else shown
        self._clock = clock
        self._begun = clock()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bars off the terminal's last lines, so that something else can be printed."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()

    def stage(self, name: str, total: int) -> Callable[[int], None]:
        """Begin a stage and return what is to be told how many more things are done."""
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            self.told(name, done, total)

        return tell

    def told(self, stage: str, done: int, total: int) -> None:
        """Take in how much of a stage is done, and of how much."""
        if not self.shown or self._clock() - self._begun <= SHOWN_AFTER_SECONDS:
            return
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


def _bars() -> Bars:
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task) -> Text:  # type: ignore[no-untyped-def]  # noqa: ANN001 - the library's own signature
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s".replace(",", " ") if speed else "")

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=console(),
    )
