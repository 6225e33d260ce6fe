"""The rows of the table that is meant, and its header: a file has titles above it, or several tables in a sheet."""

from __future__ import annotations

from itertools import dropwhile, islice, takewhile
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import FileForm
from heinola_es.importing.ledger.reading.cells import folded, is_empty
from heinola_es.importing.ledger.reading.headers import Header, header_of
from heinola_es.importing.ledger.reading.problems import counted, rows_in_words
from heinola_es.importing.ledger.reading.table import LedgerTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.importing.ledger.reading.cells import Row

_NAMED_ROWS = 10_000


@define(slots=True)
class TableRows:
    """The rows of one table of a file, or of all that have its header.

    A header that is told by its cells begins a table wherever it stands, and a blank row ends it; what stands behind a
    blank row under no such header is another table's, and told.

    Attributes:
        table: the opened file.
        form: how it is written; its header by the number of its rows.
        left: the rows that are another table's.
    """

    table: LedgerTable
    form: FileForm
    left: list[int] = field(factory=list)

    @classmethod
    def of(cls, table: LedgerTable, form: FileForm) -> TableRows:
        """Return the rows of the table that a mapping means.

        Raises:
            BadInput: the file has no such header.
        """
        if not form.header_cells:
            return cls(table, form)
        bounded = _between(table.rows(), form.first_row or 1, form.last_row)
        number = next((number for number, cells in bounded if _is_headed(cells, form.header_cells)), None)
        if number is None:
            named = ", ".join(form.header_cells)
            raise BadInput(f"{table.name} has no row with the cells {named}; check header under [file]")
        return cls(table, evolve(form, header=(number,)))

    def header(self) -> Header:
        """Return the header of the table.

        Raises:
            BadInput: the file ends before its header.
        """
        if not self.form.header:
            first = next((cells for _number, cells in self.rows()), [])
            return Header(("",) * len(first), ("",) * len(first), ("",) * len(first))
        wanted: dict[int, list[Any]] = {number: [] for number in self.form.header}
        for number, cells in self.table.rows():
            if number > self.form.header[-1]:
                break
            if number in wanted:
                wanted[number] = cells
        if not any(wanted.values()):
            numbers = ", ".join(map(str, self.form.header))
            raise BadInput(f"{self.table.name} has nothing in row {numbers}, where its header should be; check header")
        return header_of(wanted.values())

    def above(self) -> Iterator[Sequence[Any]]:
        """Yield the rows above the header: titles."""
        first = self.form.header[0] if self.form.header else 1
        for _number, cells in takewhile(lambda row: row[0] < first, self.table.rows()):
            yield cells

    def rows(self) -> Iterator[Row]:
        """Begin to yield the rows of the table, without its header."""
        if self.form.header_cells:
            return self._sections(_between(self.table.rows(), self.form.header[-1], self.form.last_row))
        below = self.form.header[-1] + 1 if self.form.header else 1
        return _between(self.table.rows(), self.form.first_row or below, self.form.last_row)

    def sample(self, number: int) -> Iterator[Row]:
        """Yield the first rows; what is another table's is not told."""
        return islice(TableRows(self.table, self.form).rows(), number)

    def told(self) -> str:
        """Return which rows were another table's; empty for none."""
        if not self.left:
            return ""
        return (
            f"{counted(len(self.left), 'row')} of other tables left, behind a blank row and under no such header: "
            f"{rows_in_words(self.left)}"
        )

    def _sections(self, rows: Iterable[Row]) -> Iterator[Row]:
        is_meant, due = False, 0
        for number, cells in rows:
            if number > due or all(map(is_empty, cells)):
                is_meant = False
            due = number + self._lines(cells)
            if _is_headed(cells, self.form.header_cells):
                is_meant = True
            elif is_meant:
                yield number, cells
            elif not all(map(is_empty, cells)) and len(self.left) < _NAMED_ROWS:
                self.left.append(number)

    def _lines(self, cells: Sequence[Any]) -> int:
        """Return how many lines of the file a row takes: in text, a cell between quotation marks may hold several."""
        if self.table.kind != "csv":
            return 1
        return 1 + sum(len(cell.splitlines()) - 1 for cell in cells if isinstance(cell, str) and cell)


def _between(rows: Iterable[Row], first: int, last: int | None) -> Iterator[Row]:
    begun = dropwhile(lambda row: row[0] < first, rows)
    return begun if last is None else takewhile(lambda row: row[0] <= last, begun)


def _is_headed(cells: Sequence[Any], wanted: Sequence[str]) -> bool:
    here = {folded(cell) for cell in cells}
    return all(folded(cell) in here for cell in wanted)
