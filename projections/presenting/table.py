"""A snapshot as a page for the terminal."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.text import Text

from heinola_es.commands.printing import console
from projections.presenting import lists, told_by_units
from projections.presenting.columns import Columns
from projections.presenting.figures import FigurePages
from projections.presenting.grid import paragraph
from projections.presenting.printable import one_line
from projections.report.language.columns import months_covered
from projections.report.language.words import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.chart import Chart
    from projections.snapshot.model import Snapshot

LANGUAGE = "fi"
"""The language of the page."""
DEFAULT_WIDTH = 100
WIDEST_PAGE = 110
_NARROWEST_PAGE = 40


def snapshot_table(
    snapshot: Snapshot,
    chart: Chart,
    *,
    width: int = DEFAULT_WIDTH,
    colour: bool = False,
    texts: bool = False,
    all_findings: bool = False,
) -> str:
    """Return the snapshot as text of lines.

    Args:
        snapshot: what is shown.
        chart: the lines of the city.
        width: of the terminal, in characters; lines longer than `WIDEST_PAGE` are only used where columns need them.
        colour: whether the terminal understands ANSI styles; without, the text holds none.
        texts: show priorities, narratives and outlooks in full.
        all_findings: list the rounding differences too.
    """
    columns = Columns(snapshot, chart, words_in(LANGUAGE))
    page = _page_width(columns, width)
    text = Text("\n").join(_page(columns, page, texts=texts, all_findings=all_findings))
    lines = (_styled(text, page) if colour else text.plain).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _styled(text: Text, width: int) -> str:
    """Return the text with ANSI styles, in the sixteen colours that a terminal's own theme decides."""
    file = StringIO()
    console(file, width=width, colour=True).print(text, soft_wrap=True)
    return file.getvalue()


def _page(columns: Columns, width: int, *, texts: bool, all_findings: bool) -> Iterator[Text]:
    snapshot = columns.snapshot
    yield from _title(columns, width)
    yield from _not_whole(columns, width)
    yield from FigurePages(columns, width).renderables() if snapshot.units else _no_units(columns, width)
    yield from told_by_units.goals(columns, width)
    yield from told_by_units.indicators(columns, width)
    yield from told_by_units.texts(columns, width) if texts else told_by_units.texts_counted(snapshot, width)
    yield from lists.projects(columns, width)
    yield from lists.findings(columns, width, every=all_findings)
    yield from lists.unplaced(columns, width)


def _title(columns: Columns, width: int) -> Iterator[Text]:
    """Yield what is shown, and as known when if that was asked for; below it, what the figures rest on."""
    snapshot, numbers = columns.snapshot, columns.words.numbers
    known = "" if snapshot.known_at is None else f"tiedossa {numbers.instant(snapshot.known_at)}"
    parts = (one_line(snapshot.city), f"osavuosikatsaus {snapshot.period.label}", known)
    rests_on = (
        f"kertymä {snapshot.cumulative.label} ({months_covered(columns.words, snapshot.period)})",
        f"organisaatio {numbers.day(snapshot.structure)}",
        f"tapahtumat 1–{numbers.plain(snapshot.position)}" if snapshot.position else "ei tapahtumia",
    )
    yield paragraph(" · ".join(part for part in parts if part), width, "bold")
    yield paragraph(" · ".join(rests_on), width, "dim")


def _not_whole(columns: Columns, width: int) -> Iterator[Text]:
    """Yield, before any figure, that the report is not whole, where it is not."""
    rows = (row for unit in columns.snapshot.units for row in unit.figures)
    if any(row.partial or any(prior.partial for prior in row.prior_years) for row in rows):
        words = columns.words
        brackets = words.say("What stands in square brackets is a part and no total; the findings say what is missing.")
        yield paragraph(f"{words.say('This report is not whole.')} {brackets}", width, "bold yellow")


def _no_units(columns: Columns, width: int) -> Iterator[Text]:
    day = columns.words.numbers.day(columns.snapshot.structure)
    yield Text()
    yield paragraph(f"no unit is known on {day}; record one with `heinola record unit`", width)


def _page_width(columns: Columns, width: int) -> int:
    widest = max(WIDEST_PAGE, width if columns.prior else 0)
    return max(_NARROWEST_PAGE, min(width, widest))
