"""Lists of what a store holds, on the terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.text import Text

from heinola_es.domain.periods import parse_period
from projections.writers.terminal.flow import flow
from projections.writers.terminal.grid import GAP, GridColumn, grid, longest_word
from projections.writers.terminal.printable import one_line, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.audit.listing import Listing
    from projections.writers.terminal.flow import Piece
    from projections.writers.terminal.spoken import Spoken

_LONG = frozenset(
    (
        *("name", "fi", "sv", "en", "sum_of", "accounts", "binding_goal", "metric", "target_level"),
        *("title", "section", "programme", "project", "gave", "reason", "source", "file", "responsible", "kind"),
        *("missing", "state", "sections", "original"),
        *("status", "line", "measured_in", "period", "budget", "by", "recorded", "reported"),
    )
)
"""The columns whose texts may be broken where the page is narrow."""
_NUMBERS = frozenset(
    (
        *("position", "number", "revision", "characters", "value", "cents", "forecast_cents", "final_cents"),
        *("error_cents", "error_percent", "computed_cents", "computed_error_cents", "count", "bias_cents"),
        "mean_error_cents",
    )
)

_PERIODS = frozenset({"period", "reported"})
_WORDS = frozenset({"original", "fi", "sv", "en"})
_LONGEST = 80
"""Characters of recorded words, which may be pages; CSV and JSON have them whole."""


def listing_page(spoken: Spoken, found: Listing, width: int) -> Text:
    """Return a list as a table, or, where the page is too narrow for one, each row on lines of its own.

    A column that nothing stands in is left out.
    """
    if not found.rows:
        return Text(spoken.words.say("There is nothing to list."))
    names = [name for name in found.columns if any(row[name] is not None for row in found.rows)]
    cells = [[_cell(spoken, found, name, at) for name in names] for at in range(len(found.rows))]
    headings = [spoken.field(name) for name in names]
    columns = [_column(name, headings[at], [row[at] for row in cells]) for at, name in enumerate(names)]
    narrowest = sum(_narrowest(column, [row[at] for row in cells]) for at, column in enumerate(columns))
    if narrowest + GAP * (len(columns) - 1) <= width:
        return grid(columns, cells, width, indent=0)
    return Text("\n").join(flow(_pieces(headings, row), width, _indent(row), f"{_indent(row)}    ") for row in cells)


def _column(name: str, heading: str, texts: Sequence[str]) -> GridColumn:
    share = 1 + min(3, max(map(width_of, texts)) // 20) if name in _LONG else 0
    return GridColumn(heading=heading, share=share, right=name in _NUMBERS)


def _narrowest(column: GridColumn, texts: Sequence[str]) -> int:
    """Return how narrow a column can be: as its longest text, or longest word where its texts may be broken."""
    told = (column.heading, *texts)
    return longest_word(told) if column.share else max(map(width_of, told))


def _pieces(headings: Sequence[str], row: Sequence[str]) -> Iterator[Piece]:
    """Yield the values of a row: what it is of first, the others after what they are called."""
    yield row[0], "bold"
    for heading, value in zip(headings[1:], row[1:], strict=True):
        if value:
            yield f"{heading}: {value}", ""


def _indent(row: Sequence[str]) -> str:
    return " " * (len(row[0]) - len(row[0].lstrip(" ")))


def _cell(spoken: Spoken, found: Listing, name: str, at: int) -> str:
    value = found.rows[at][name]
    if value is None:
        return ""
    if name == "cents" or name.endswith("_cents"):
        return spoken.euros(value)
    if name.endswith("_percent"):
        return spoken.words.numbers.plain(Decimal(str(value)), 2)
    if name == found.columns[0] == "line":
        return one_line(value)  # it is what people take from the list, to type it
    if name in _WORDS:
        words = one_line(value)
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
    text = spoken.span(parse_period(str(value))) if name in _PERIODS else spoken.value(name, value)
    return "  " * found.depths[at] + text if found.depths and name == found.columns[0] else text
