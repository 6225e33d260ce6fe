"""A snapshot as a page for the terminal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from projections.presenting import lists, words
from projections.presenting.columns import Columns
from projections.presenting.figures import FigurePages
from projections.presenting.finnish import day, months, number, one_line, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

DEFAULT_WIDTH = 100
WIDEST_PAGE = 110
_NARROWEST_PAGE = 40


def snapshot_table(
    snapshot: Mapping[str, Any],
    *,
    width: int = DEFAULT_WIDTH,
    colour: bool = False,
    texts: bool = False,
    all_findings: bool = False,
) -> str:
    """Return the snapshot as text of lines.

    Args:
        snapshot: as `take_snapshot` gives it.
        width: of the terminal, in characters; lines longer than `WIDEST_PAGE` are only used where columns need them.
        colour: whether the terminal understands ANSI styles; without, the text holds none.
        texts: show priorities, narratives and outlooks in full.
        all_findings: list the rounding differences too.
    """
    columns = Columns(snapshot)
    page = _page_width(columns, width)
    file = StringIO()
    console = Console(
        file=file,
        width=page,
        color_system="standard" if colour else None,
        force_terminal=colour,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    for renderable in _page(columns, page, texts=texts, all_findings=all_findings):
        console.print(renderable)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _page(columns: Columns, width: int, *, texts: bool, all_findings: bool) -> Iterator[RenderableType]:
    snapshot = columns.snapshot
    yield from _title(snapshot)
    yield from FigurePages(columns, width).renderables() if snapshot["units"] else _no_units(snapshot)
    yield from words.goals(snapshot, width)
    yield from words.indicators(snapshot, width)
    yield from words.texts(snapshot) if texts else words.texts_counted(snapshot, width)
    yield from lists.projects(snapshot, width)
    yield from lists.findings(columns, width, every=all_findings)
    yield from lists.unplaced(snapshot, width)


def _title(snapshot: Mapping[str, Any]) -> Iterator[RenderableType]:
    cumulative = snapshot["cumulative"]
    yield Text(f"{one_line(snapshot['city'])} · osavuosikatsaus {snapshot['period']['label']}", style="bold")
    yield Text(
        f"kertymä {span(cumulative['start'], cumulative['end'])} ({months(cumulative)}) · "
        f"organisaatio {day(snapshot['structure'])} · {_known(snapshot)}",
        style="dim",
    )


def _no_units(snapshot: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield Text()
    yield Text(f"no unit is known on {day(snapshot['structure'])}; record one with `heinola record unit`")


def _known(snapshot: Mapping[str, Any]) -> str:
    """Return what the snapshot rests on: the events up to a position, and the moment where one was asked for."""
    events = f"tapahtumat 1–{number(Decimal(snapshot['position']), 0)}" if snapshot["position"] else "ei tapahtumia"
    if snapshot["known_at"] is None:
        return events
    then = datetime.fromisoformat(snapshot["known_at"])
    return f"tiedossa {day(then.date().isoformat())} klo {then:%H.%M} UTC, {events}"


def _page_width(columns: Columns, width: int) -> int:
    widest = max(WIDEST_PAGE, width if columns.prior else 0)
    return max(_NARROWEST_PAGE, min(width, widest))
