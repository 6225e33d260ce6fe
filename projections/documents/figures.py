"""The figures of a snapshot, as a report in its language writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from projections.documents.printed import packed
from projections.report.content.figure_tables import column_of, figure_cell
from projections.report.content.prose import plain
from projections.report.content.snapshot_material import ShownColumn
from projections.report.language.line_labels import begun
from projections.report.language.words import Words, words_in
from projections.snapshot.columns import all_columns, column_named
from projections.snapshot.internal import statement_of
from projections.snapshot.model import FigureRow, Snapshot, UnitReport
from projections.snapshot.translating import reading
from projections.writers.page.glyphs import drawable
from projections.writers.xlsx.sheet_cells import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.documents.printed import Printed
    from projections.documents.proof import ProofColumn
    from projections.report.content.document import Cell, NumberForm, OfColumn, OfRow
    from projections.report.language.scale import Scale

_SCALES: Mapping[NumberForm, Scale] = {"thousands": "thousands", "euros": "euros", "cents": "cents", "percent": "euros"}


@frozen(slots=True)
class Figures:
    """What a snapshot has, looked up.

    Attributes:
        snapshot: of which.
        words: of the report's language.
        units: by their codes.
    """

    snapshot: Snapshot
    words: Words
    units: dict[str, UnitReport]
    _rows: dict[tuple[str, str, bool], FigureRow]

    @classmethod
    def of(cls, snapshot: Snapshot, language: str) -> Figures:
        """Return the figures of a snapshot."""
        rows = {(unit.code, row.line, False): row for unit in snapshot.units for row in unit.figures}
        rows |= {(unit.code, row.line, True): row for unit in snapshot.units for row in statement_of(unit).figures}
        return cls(
            snapshot, words_in(language, snapshot.recorded_in), {unit.code: unit for unit in snapshot.units}, rows
        )

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each row of which something is known: the unit and the line."""
        for (unit, line, external), row in self._rows.items():
            if not external and any(cell is not None for cell in row.cells.values()):
                yield unit, line

    def label(self, line: str) -> str:
        """Return what the snapshot calls a line."""
        found = next((row.label for (_unit, each, _external), row in self._rows.items() if each == line), line)
        return begun(found)

    def headers(self, column: ProofColumn | None) -> tuple[str, ...]:
        """Return what a column may be headed: on a page, and in a workbook."""
        if column is None:
            return ("",)
        shown = None if column.of is None else self._shown(column.of)
        if shown is None:
            return (column.title,)
        made = column_of(self.words, self.snapshot.period, shown, comparable=bool(self.snapshot.excluded))
        return tuple(filter(None, (made.title, made.sheet_title)))

    def is_about(self, code: str, texts: tuple[str | None, ...]) -> bool:
        """Return whether texts around a row name the unit whose figures it shows, or the city does not have it."""
        unit = self.units.get(code)
        if unit is None:
            return False
        name = plain(reading(unit, self.words.language).get(unit.name, unit.name))
        told = packed(" ".join(filter(None, texts)))
        return any(packed(each) in told for each in (name, str(drawable(name)), self.words.say("The whole city")))

    def differs(self, row: OfRow, column: OfColumn, there: Printed) -> str | None:
        """Return what a cell should say, where it says something else; else None."""
        shown = self._shown(column)
        figure = self._rows.get((row.unit, row.line, row.external))
        if shown is None or figure is None:
            return "nothing"
        cell = figure_cell(self.words, figure, shown)
        same = _is_number(there, cell) if isinstance(there, float) else _is_text(there, cell)
        return None if same else cell.text

    @staticmethod
    def _shown(column: OfColumn) -> ShownColumn | None:
        known = {each.name for each in all_columns()}
        if column.name not in known:
            return None
        return ShownColumn(column_named(column.name), column.year, _SCALES.get(column.form, "euros"))


def _is_number(there: float, cell: Cell) -> bool:
    """Return whether a number of a workbook is that of a cell, to the cent or the hundredth of a per cent."""
    if not isinstance(cell.value, Decimal | int):
        return False
    wanted = exact_number(cell.value, cell.form)
    return wanted is not None and abs(wanted - there) < (0.00005 if cell.form == "percent" else 0.005)


def _is_text(there: str, cell: Cell) -> bool:
    """Return whether a text is that of a cell; a workbook leaves one empty that nothing is known of."""
    return packed(there) == packed(cell.text) or (not there.strip() and cell.value is None and cell.text == "–")
