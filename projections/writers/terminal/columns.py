"""The columns of a figure table, as the report heads them, and the rows under them as text."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from heinola_es.domain.chart import Chart
from projections.report.language.columns import column_name, heading
from projections.report.language.scale import UNKNOWN, in_part, scale_of
from projections.report.language.sentences import note_sentence
from projections.report.language.words import Words
from projections.snapshot.columns import INTERNAL, ReportColumn, amounts, shown_once, told_again
from projections.snapshot.model import Snapshot
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.snapshot.model import Cell, UnitReport
    from projections.snapshot.model import FigureRow as Figure

RowKind = Literal["section", "leaf", "total"]

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDEST_HEADING_LINE = 12


@frozen(slots=True)
class FigureColumn:
    """One column of a figure table.

    Attributes:
        column: of the report.
        heading: its lines, without the scale.
        year: of the prior years it is one of, or None.
    """

    column: ReportColumn
    heading: tuple[str, ...]
    year: int | None = None


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

    snapshot: Snapshot
    chart: Chart
    words: Words
    shown: tuple[ReportColumn, ...] = ()
    """The columns of the report in their order; those of the snapshot, each once, where there are none."""
    external: frozenset[str] = frozenset()
    """The units whose figures are told without internal items."""

    @cached_property
    def main(self) -> tuple[FigureColumn, ...]:
        """The columns of the report itself."""
        return tuple(FigureColumn(column, self._heading(column)) for column in self._of_report)

    @cached_property
    def _of_report(self) -> tuple[ReportColumn, ...]:
        return self.shown or shown_once(self.snapshot.columns, self.snapshot.period)

    @cached_property
    def told_again(self) -> frozenset[str]:
        """The names of the columns that are not shown, because another tells the same."""
        again = told_again(self.snapshot.columns, self.snapshot.period)
        return again.difference(column.name for column in self._of_report)

    @cached_property
    def prior(self) -> tuple[FigureColumn, ...]:
        """The columns of further prior years, the oldest first."""
        found = {(prior.year, name) for row in self._rows for prior in row.prior_years for name in prior.cells}
        this_year = self.snapshot.period.year
        return tuple(
            FigureColumn(column, self._heading(column, this_year - column.years_back - year), year)
            for year in sorted({year for year, _name in found})
            for column in amounts(self._of_report)
            if (year, column.name) in found
        )

    @cached_property
    def notes(self) -> dict[str, int]:
        """The number of every sentence that explains a cell, in the order of its first appearance."""
        return {sentence: number for number, sentence in enumerate(dict.fromkeys(self._sentences.values()), 1)}

    @cached_property
    def _sentences(self) -> dict[int, str]:
        """What each note says, by its identity: each is asked for more than once."""
        notes = (row.notes[c.column.name] for row in self._rows for c in self.main if c.column.name in row.notes)
        return {id(note): note_sentence(self.words, note, self.line) for note in notes}

    @property
    def _rows(self) -> Iterator[Figure]:
        return (row for unit in self.snapshot.units for row in unit.figures)

    def _heading(self, column: ReportColumn, further_back: int = 0) -> tuple[str, ...]:
        comparable = bool(self.snapshot.excluded)
        return tuple(heading(self.words, column, self.snapshot.period, further_back, comparable=comparable).split("\n"))

    def name_of(self, name: str) -> str:
        """Return what a column is called on one line, for where it is spoken of; the name itself where it has none."""
        for column in (*(of_report.column for of_report in self.main), *INTERNAL.values()):
            if column.name == name:
                return column_name(self.words, column, self.snapshot.period).replace(" ", "\u00a0")
        return name

    def label(self, row: Figure) -> str:
        """Return what a row is called: as the snapshot has it, in a language that it is not written in as the chart."""
        return one_line(row.label) if self.words.content is None else self.line(row.line)

    def line(self, code: str) -> str:
        """Return the label of a line, or its code where the chart has no such line."""
        line = self.chart.lines.get(code)
        return line.labels[self.words.language] if line else one_line(code)

    def table(self, unit: UnitReport, columns: Sequence[FigureColumn]) -> FigureTable:
        """Return the figures of a unit in these columns."""
        texts = [self._column(unit.figures, column) for column in columns]
        return FigureTable(
            headings=tuple(lines for lines, _cells in texts),
            rows=tuple(self._table_rows(unit.figures, [cells for _heading, cells in texts])),
        )

    def _column(self, rows: Sequence[Figure], column: FigureColumn) -> tuple[tuple[str, ...], list[str]]:
        room = self._marker_rooms.get(column, 0)
        lines, texts = self._amounts(rows, column) if column.column.is_amount else self._percents(rows, column)
        marked = [text + self._marker(row, column).ljust(room) for text, row in zip(texts, rows, strict=True)]
        return tuple(line + " " * room for line in lines), marked

    def _percents(self, rows: Sequence[Figure], column: FigureColumn) -> tuple[tuple[str, ...], list[str]]:
        return column.heading, [self.words.numbers.hundredths(row.percents.get(column.column.name)) for row in rows]

    def _amounts(self, rows: Sequence[Figure], column: FigureColumn) -> tuple[tuple[str, ...], list[str]]:
        cells = [row.cell(column.column.name, column.year) for row in rows]
        parts = [row.part(column.column.name, column.year) for row in rows]
        scale, numbers = scale_of(cells), self.words.numbers
        lines = _with_unit(column.heading, self.words.say("€1,000")) if scale == "thousands" else column.heading
        texts = [UNKNOWN if cell is None else numbers.amount(_euros(cell), scale) for cell in cells]
        return lines, [
            text if part is None else in_part(numbers.amount(Decimal(part.cents) / 100, scale))
            for text, part in zip(texts, parts, strict=True)
        ]

    @cached_property
    def _marker_rooms(self) -> dict[FigureColumn, int]:
        """How much room the markers of a column take in any unit: digits stay in line down the page."""
        rows = list(self._rows)
        return {column: max((len(self._marker(row, column)) for row in rows), default=0) for column in self.main}

    def _marker(self, row: Figure, column: FigureColumn) -> str:
        note = None if column.year else row.notes.get(column.column.name)
        return str(self.notes[self._sentences[id(note)]]).translate(SUPERSCRIPTS) if note else ""

    def _table_rows(self, figures: Sequence[Figure], columns: Sequence[Sequence[str]]) -> Iterator[FigureRow]:
        opened = ""
        for number, row in enumerate(figures):
            section = self.chart.section_of(row.line)
            if section and section != opened:
                opened = section
                yield FigureRow("section", self.line(section).upper(), "", ("",) * len(columns))
            yield self._table_row(row, tuple(cells[number] for cells in columns))

    def _table_row(self, row: Figure, cells: tuple[str, ...]) -> FigureRow:
        label, printed = self.label(row), one_line(row.printed_label)
        return FigureRow(
            kind="total" if self.chart.is_total(row.line) else "leaf",
            label=label.upper() if self.chart.is_margin(row.line) else label,
            printed_label="" if _same(printed, row.label) else printed,
            cells=cells,
        )


def _euros(cell: Cell) -> Decimal:
    return Decimal(cell.cents) / 100


def _with_unit(heading: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Add the unit of its amounts to a heading: on its second line where there is room, as the report does."""
    first, *rest = heading
    joined = " ".join((*rest, unit))
    return (first, joined) if len(joined) <= _WIDEST_HEADING_LINE else (*heading, unit)


def _same(one: str, other: str) -> bool:
    """Return whether two labels differ in nothing but case and spaces."""
    return "".join(one.casefold().split()) == "".join(other.casefold().split())
