"""What a page is made of: the columns of its tables, as the report heads them, and the rows under them as text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import evolve, field, frozen

from events.value_object import ValueObject
from heinola_es.languages import LANGUAGES
from projections.report.content import forecast_basis
from projections.report.content.figure_tables import figure_cell, heading_of
from projections.report.content.prose import plain
from projections.report.content.snapshot_material import ShownColumn, SnapshotMaterial
from projections.report.language.scale import scale_of
from projections.report.language.sentences import note_sentence
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.snapshot.model import FigureRow, UnitReport

RowKind = Literal["section", "leaf", "total"]

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDEST_HEADING_LINE = 12


@frozen(slots=True, eq=False, repr=False)
class PrintedRow(ValueObject):
    """One printed row: a label, the label the source document printed instead, and a text per column."""

    kind: RowKind
    label: str
    printed_label: str
    cells: tuple[str, ...]


@frozen(slots=True, eq=False, repr=False)
class PrintedTable(ValueObject):
    """The figures of one unit as text: a heading per column, then rows."""

    headings: tuple[tuple[str, ...], ...]
    rows: tuple[PrintedRow, ...]


@frozen(slots=False, eq=False, repr=False, kw_only=True)
class PageMaterial(SnapshotMaterial):
    """What a page is made of: a snapshot, the columns of its tables, and the numbers of the notes on their cells."""

    external: frozenset[str] = frozenset()
    """The units whose figures are told without internal items."""
    _columns_of_units: dict[tuple[str, str, int | None], tuple[tuple[str, ...], list[str]]] = field(
        init=False, factory=dict
    )
    """What `column` returns, by unit and column: once for how wide it is, and once for the page."""

    @cached_property
    def main(self) -> tuple[ShownColumn, ...]:
        """The columns of the report itself."""
        return tuple(shown for shown in self.in_tables if shown.year is None)

    @cached_property
    def prior(self) -> tuple[ShownColumn, ...]:
        """The columns of further prior years, the oldest first."""
        return tuple(shown for shown in self.in_tables if shown.year is not None)

    @cached_property
    def notes(self) -> dict[str, int]:
        """The number of every sentence that explains a cell, in the order of its first appearance."""
        return {sentence: number for number, sentence in enumerate(dict.fromkeys(self._sentences.values()), 1)}

    @cached_property
    def _sentences(self) -> dict[int, str]:
        """What each note says, by its identity: each is asked for more than once."""
        notes = (row.notes[c.column.name] for row in self.figures for c in self.main if c.column.name in row.notes)
        below = forecast_basis.is_told_below  # the table of each unit, as in the report
        return {id(note): note_sentence(self.words, note, self.label) for note in notes if not below(note)}

    def titled(self, code: str, name: str) -> str:
        """Return a unit's code and name: whatever it is, its code is what people type."""
        return f"{plain(code)} {plain(name)}"

    def label(self, line: str) -> str:
        """Return the label of a line as the chart has it, in capitals where it stands out so; else its code."""
        known = self.chart.lines.get(line)
        return known.labels[self.words.language] if known else one_line(line)

    def _row_label(self, row: FigureRow) -> str:
        """Return what a row is called: as the snapshot has it, in a language that it is not written in as the chart."""
        return one_line(row.label) if self.words.language == LANGUAGES[0] else self.label(row.line)

    def table(self, unit: UnitReport, columns: Sequence[ShownColumn]) -> PrintedTable:
        """Return the figures of a unit in these columns, each as exactly as it is known of this unit."""
        texts = [self.column(unit, column) for column in columns]
        return PrintedTable(
            headings=tuple(lines for lines, _cells in texts),
            rows=tuple(self._table_rows(unit.figures, [cells for _heading, cells in texts])),
        )

    def column(self, unit: UnitReport, shown: ShownColumn) -> tuple[tuple[str, ...], list[str]]:
        """Return the lines of a column's heading in the table of a unit, and its texts from row to row."""
        key = (unit.code, shown.column.name, shown.year)
        if key not in self._columns_of_units:
            self._columns_of_units[key] = self._made(unit.figures, shown)
        return self._columns_of_units[key]

    def _made(self, rows: Sequence[FigureRow], shown: ShownColumn) -> tuple[tuple[str, ...], list[str]]:
        room = self._marker_rooms.get(shown, 0)
        exact = evolve(shown, scale=scale_of([row.cell(shown.column.name, shown.year) for row in rows]))
        texts = (figure_cell(self.words, row, exact).text + self._marker(row, shown).ljust(room) for row in rows)
        return tuple(line + " " * room for line in self._heading(exact)), list(texts)

    def _heading(self, shown: ShownColumn) -> tuple[str, ...]:
        """Return the lines of a heading: the unit of its amounts on the second where there is room, as the report."""
        lines = heading_of(self, shown).split("\n")
        if not shown.column.is_amount or shown.scale != "thousands":
            return tuple(lines)
        first, *rest = lines
        unit = self.words.say("€1,000")
        joined = " ".join((*rest, unit))
        return (first, joined) if len(joined) <= _WIDEST_HEADING_LINE else (*lines, unit)

    @cached_property
    def _marker_rooms(self) -> dict[ShownColumn, int]:
        """How much room the markers of a column take in any unit: digits stay in line down the page."""
        return {
            column: max((len(self._marker(row, column)) for row in self.figures), default=0) for column in self.main
        }

    def _marker(self, row: FigureRow, column: ShownColumn) -> str:
        note = None if column.year else row.notes.get(column.column.name)
        sentence = self._sentences.get(id(note)) if note else None
        return str(self.notes[sentence]).translate(SUPERSCRIPTS) if sentence else ""

    def _table_rows(self, figures: Sequence[FigureRow], columns: Sequence[Sequence[str]]) -> Iterator[PrintedRow]:
        opened = ""
        for number, row in enumerate(figures):
            section = self.chart.section_of(row.line)
            if section and section != opened:
                opened = section
                yield PrintedRow("section", self.label(section).upper(), "", ("",) * len(columns))
            yield self._table_row(row, tuple(cells[number] for cells in columns))

    def _table_row(self, row: FigureRow, cells: tuple[str, ...]) -> PrintedRow:
        label, printed = self._row_label(row), one_line(row.printed_label)
        return PrintedRow(
            kind="total" if self.chart.is_total(row.line) else "leaf",
            label=label.upper() if self.chart.is_margin(row.line) else label,
            printed_label="" if _same(printed, row.label) else printed,
            cells=cells,
        )


def _same(one: str, other: str) -> bool:
    """Return whether two labels differ in nothing but case and spaces."""
    return "".join(one.casefold().split()) == "".join(other.casefold().split())
