"""The columns of a figure table, as the report heads them, and the rows under them as text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from heinola_es.chart import load_chart
from projections.presenting.finnish import amount, months, percent, scale_of
from projections.presenting.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.presenting.finnish import Cell

RowKind = Literal["section", "leaf", "total"]

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_IN_THOUSANDS = "1000 €"
_SECTIONS = ("operating_income", "operating_expenses")
_RESULTS = frozenset({"operating_margin", "annual_margin", "result"})  # printed in capitals
_TOTALS = frozenset({*_SECTIONS, *_RESULTS, "net"})
_WIDEST_HEADING_LINE = 11


@frozen(slots=True)
class FigureColumn:
    """One column of a figure table.

    Attributes:
        name: of the cell in a row of figures, `percent` included.
        heading: its lines, without the scale.
        year: of the prior years it is one of, or None.
    """

    name: str
    heading: tuple[str, ...]
    year: int | None = None

    def cell(self, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a cell, or a percentage
        """Return what a row of figures holds in this column."""
        if self.year is None:
            return row[self.name]
        return next((prior[self.name] for prior in row.get("prior_years", ()) if prior["year"] == self.year), None)


@frozen(slots=True)
class FigureRow:
    """One printed row: a label, the label the source document printed instead, and a text per column."""

    kind: RowKind
    label: str
    printed_label: str
    cells: tuple[str, ...]


@frozen(slots=True)
class FigureTable:
    """The figures of one unit as text: a heading per column, then rows."""

    headings: tuple[tuple[str, ...], ...]
    rows: tuple[FigureRow, ...]


@frozen(slots=False)
class Columns:
    """The columns of all tables of a snapshot, and the numbers of the notes on their cells."""

    snapshot: Mapping[str, Any]

    @cached_property
    def main(self) -> tuple[FigureColumn, ...]:
        """The columns that every report has."""
        year = int(self.snapshot["cumulative"]["end"][:4])
        covered = months(self.snapshot["cumulative"])
        return (
            FigureColumn("final_accounts", (f"TP {year - 1}",)),
            FigureColumn("prior_actual", (f"TOT {year - 1}", covered)),
            FigureColumn("budget", (f"TA {year}", "+ muutokset")),
            FigureColumn("actual", (f"TOT {year}", covered)),
            FigureColumn("percent", (f"TOT-{year % 100:02}", "%")),
        )

    @cached_property
    def prior(self) -> tuple[FigureColumn, ...]:
        """The columns of further prior years, the oldest first."""
        covered = months(self.snapshot["cumulative"])
        rows = (row for unit in self.snapshot["units"] for row in unit["figures"])
        years = sorted({prior["year"] for row in rows for prior in row.get("prior_years", ())})
        return tuple(
            column
            for year in years
            for column in (
                FigureColumn("final_accounts", (f"TP {year}",), year),
                FigureColumn("prior_actual", (f"TOT {year}", covered), year),
            )
        )

    @cached_property
    def notes(self) -> dict[str, int]:
        """The number of every sentence that explains a cell, in the order of its first appearance."""
        rows = (row for unit in self.snapshot["units"] for row in unit["figures"])
        sentences = (
            row["notes"][column.name] for row in rows for column in self.main if column.name in row.get("notes", ())
        )
        return {sentence: number for number, sentence in enumerate(dict.fromkeys(sentences), 1)}

    def heading_of(self, name: str) -> str:
        """Return the heading of a column on one line, for where it is spoken of; the name itself where it has none."""
        heading = next((" ".join(column.heading) for column in self.main if column.name == name), name)
        return heading.replace(" ", "\u00a0")

    def table(self, unit: Mapping[str, Any], columns: Sequence[FigureColumn]) -> FigureTable:
        """Return the figures of a unit in these columns."""
        texts = [self._column(unit["figures"], column) for column in columns]
        return FigureTable(
            headings=tuple(heading for heading, _cells in texts),
            rows=tuple(_rows(unit["figures"], [cells for _heading, cells in texts])),
        )

    def _column(self, rows: Sequence[Mapping[str, Any]], column: FigureColumn) -> tuple[tuple[str, ...], list[str]]:
        cells = [column.cell(row) for row in rows]
        room = self._marker_rooms.get(column, 0)
        heading, texts = _as_percents(column, cells) if column.name == "percent" else _as_amounts(column, cells)
        marked = [text + self._marker(row, column).ljust(room) for text, row in zip(texts, rows, strict=True)]
        return tuple(line + " " * room for line in heading), marked

    @cached_property
    def _marker_rooms(self) -> dict[FigureColumn, int]:
        """How much room the markers of a column take in any unit: digits stay in line down the page."""
        rows = [row for unit in self.snapshot["units"] for row in unit["figures"]]
        return {column: max((len(self._marker(row, column)) for row in rows), default=0) for column in self.main}

    def _marker(self, row: Mapping[str, Any], column: FigureColumn) -> str:
        note = None if column.year else row.get("notes", {}).get(column.name)
        return str(self.notes[note]).translate(SUPERSCRIPTS) if note else ""


def _as_percents(column: FigureColumn, cells: Sequence[str | None]) -> tuple[tuple[str, ...], list[str]]:
    return column.heading, [percent(text) for text in cells]


def _as_amounts(column: FigureColumn, cells: Sequence[Cell]) -> tuple[tuple[str, ...], list[str]]:
    scale = scale_of(cells)
    heading = _in_thousands(column.heading) if scale == "thousands" else column.heading
    return heading, [amount(cell, scale) for cell in cells]


def _in_thousands(heading: tuple[str, ...]) -> tuple[str, ...]:
    """Add the scale to a heading: on its second line where there is room, as the report does."""
    first, *rest = heading
    joined = " ".join((*rest, _IN_THOUSANDS))
    return (first, joined) if len(joined) <= _WIDEST_HEADING_LINE else (*heading, _IN_THOUSANDS)


def _rows(figures: Sequence[Mapping[str, Any]], columns: Sequence[Sequence[str]]) -> Iterator[FigureRow]:
    opened = ""
    for number, row in enumerate(figures):
        section = _section_of(row["line"])
        if section and section != opened:
            opened = section
            yield FigureRow("section", load_chart().lines[section].labels["fi"].upper(), "", ("",) * len(columns))
        yield _row(row, tuple(cells[number] for cells in columns))


def _row(row: Mapping[str, Any], cells: tuple[str, ...]) -> FigureRow:
    label = one_line(row["label"])
    printed = one_line(row.get("printed_label", ""))
    return FigureRow(
        kind="total" if row["line"] in _TOTALS else "leaf",
        label=label.upper() if row["line"] in _RESULTS else label,
        printed_label="" if _same(printed, label) else printed,
        cells=cells,
    )


def _section_of(line: str) -> str | None:
    """Return the total that a line of the income statement stands above, or None."""
    return next((total for total in _SECTIONS if line in load_chart().lines[total].components), None)


def _same(one: str, other: str) -> bool:
    """Return whether two labels differ in nothing but case and spaces."""
    return "".join(one.casefold().split()) == "".join(other.casefold().split())
