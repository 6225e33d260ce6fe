"""Tables of figures with a unit in each row: which line their figures are of, a column or the heading above says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.importing.profiled.figures import FigureTable, Header, looks_numeric
from heinola_es.importing.profiled.profile import key_of

if TYPE_CHECKING:
    from heinola_es.importing.documents.pieces import Piece
    from heinola_es.importing.profiled.reading import Reading


class UnitTable(FigureTable):
    """A table whose rows are units while it is being read; the units that were open before it are so after it."""

    def __init__(self, reading: Reading, header: Header, line: str) -> None:
        """Begin with its header; `line` is that of columns which name none, or empty."""
        super().__init__(reading, header)
        self.line = line

    def read(self, rows: list[Piece]) -> None:
        """Take in the figures of the table; what cannot be placed is told.

        Raises:
            BadInput: a figure contradicts one that was read before.
        """
        before = list(self.reading.open_units)
        for at, rule in self.header.columns.items():
            if rule.what != "skip" and not self._line_of(at):
                where = rows[self.header.end - 1]
                message = f"The profile does not say of which line {rule.header!r} is in this table of units; left out"
                self.reading.find("unparsed", where, message, of_figures=True)
        super().read(rows)
        self.reading.open_units[:] = before

    def _line_of(self, at: int) -> str:
        return self.header.columns[at].line or self.line

    def _row(self, row: Piece) -> None:
        self._tell_besides(row)
        label = self._label(row)
        cells = {at: row.cells[at] for at in self.header.columns if at < len(row.cells)}
        if all(key_of(cell) in self.profile.columns for cell in cells.values() if cell) and any(cells.values()):
            return  # the header again, after a page break
        if not (label and self.reading.open_row_unit(row, label)):
            if row.filled:
                of_figures = any(looks_numeric(cell) for cell in cells.values())
                self.reading.leave(row, "This row names no unit that is known", of_figures=of_figures)
            return
        by_line: dict[str, dict[int, str]] = {}
        for at, cell in cells.items():
            if line := self._line_of(at):
                by_line.setdefault(line, {})[at] = cell
        for line, of_line in by_line.items():
            known = self.chart.line(line)
            self._figures(row, known.labels["fi"], known.code, of_line)

    def _label(self, row: Piece) -> str:
        """Return the label of a row: all the words before its first figure, its code in a cell of its own or not."""
        before = [cell for cell in row.over_all[: min(self.header.columns)] if cell]
        return " ".join(dict.fromkeys(before))
