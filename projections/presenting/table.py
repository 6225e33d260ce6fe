"""A snapshot as a page for the terminal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.text import Text

from heinola_es.commands.printing import console
from projections.presenting import lists, words
from projections.presenting.columns import Columns
from projections.presenting.figures import FigurePages
from projections.presenting.finnish import day, months, span
from projections.presenting.grid import paragraph
from projections.presenting.numerals import number
from projections.presenting.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    yield from _title(snapshot, width)
    yield from FigurePages(columns, width).renderables() if snapshot["units"] else _no_units(snapshot, width)
    yield from words.goals(snapshot, width)
    yield from words.indicators(snapshot, width)
    yield from words.texts(snapshot, width) if texts else words.texts_counted(snapshot, width)
    yield from lists.projects(snapshot, width)
    yield from lists.findings(columns, width, every=all_findings)
    yield from lists.unplaced(snapshot, width)


def _title(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield what is shown, and as known when if that was asked for; below it, what the figures rest on."""
    cumulative, position = snapshot["cumulative"], snapshot["position"]
    parts = (one_line(snapshot["city"]), f"osavuosikatsaus {snapshot['period']['label']}", _known(snapshot["known_at"]))
    rests_on = (
        f"kertymä {span(cumulative['start'], cumulative['end'])} ({months(cumulative)})",
        f"organisaatio {day(snapshot['structure'])}",
        f"tapahtumat 1–{number(Decimal(position), 0)}" if position else "ei tapahtumia",
    )
    yield paragraph(" · ".join(part for part in parts if part), width, "bold")
    yield paragraph(" · ".join(rests_on), width, "dim")


def _no_units(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    yield Text()
    yield paragraph(f"no unit is known on {day(snapshot['structure'])}; record one with `heinola record unit`", width)


def _known(known_at: str | None) -> str:
    if known_at is None:
        return ""
    then = datetime.fromisoformat(known_at)
    return f"tiedossa {day(then.date().isoformat())} klo {then:%H.%M} UTC"


def _page_width(columns: Columns, width: int) -> int:
    widest = max(WIDEST_PAGE, width if columns.prior else 0)
    return max(_NARROWEST_PAGE, min(width, widest))
