"""How far a sheet reaches and which of its cells hold no readable value, found in its XML without parsing it."""

from __future__ import annotations

import re

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.limits import COLUMNS, ROW_BYTES
from heinola_es.importing.ledger.reading.problems import grouped

CELLS = 1_200_000
UNREADABLE = 10_000

_LETTERS = re.compile(rb'<c r="([A-Za-z]{1,3})[1-9]\d{0,6}"(?: (?:s|t|cm|vm|ph)="[^"<>]*")*+ ?/?>')
_NUMBERS = re.compile(rb'<c r="[A-Za-z]{1,3}([1-9]\d{0,6})"')
_ROWS = re.compile(rb'<row r="([1-9]\d{0,6})"(?: (?!r=)[\w:.]+="[^"<>]*")*+ ?/?>')
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b(?=[^<>]*\bhidden=["'](?:1|true)["'])[^<>]*?\br=["']([1-9]\d{0,6})["']""")
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
_SAID = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_PLACE = re.compile(rb"([A-Za-z]{1,3})([1-9]\d{0,6})")
_ROW = re.compile(rb"[1-9]\d{0,6}")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*+)>\s*+(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?"
)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*+)>")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_PREFIXED = re.compile(rb":(?:row|c[\s/>])")
_NOT_CELLS = (b"<co", b"<cf", b"<cu", b"<ce")  # cols, conditionalFormatting, cfRule, customSheetView, cellWatch …


@define(slots=True)
class SheetScan:
    """What was found in one sheet.

    Attributes:
        file: what to call the workbook.
        rows, columns: the furthest row and column with a cell.
        formulas: how many cells hold a formula.
        hidden: the rows that are not shown.
        unreadable: by row and column, counted from 1: why the cell has no value (an error, a formula never worked out).
    """

    file: str
    rows: int = 0
    columns: int = 0
    formulas: int = 0
    hidden: list[int] = field(factory=list)
    unreadable: dict[tuple[int, int], str] = field(factory=dict)
    _carry: bytes = b""
    _row: int = 0
    _column: int = 0
    _closely: bool = False
    _marked: bool = False

    def feed(self, chunk: bytes) -> None:
        """Look through the next piece of the sheet.

        Raises:
            BadInput: it reaches further than any ledger does.
        """
        data = self._carry + chunk
        cut = data.rfind(b"<c")
        cut = cut if cut > 0 else data.rfind(b"<")
        if len(data) - max(cut, 0) > 2 * ROW_BYTES:
            raise BadInput(f"{self.file} has a cell of more than {grouped(ROW_BYTES)} bytes; check it")
        self._carry = data[max(cut, 0) :]
        self._look(data[: max(cut, 0)])
        self.require_reach()

    def close(self) -> SheetScan:
        """Look at what is left and return the scan.

        Raises:
            BadInput.
        """
        self._look(self._carry)
        self._carry = b""
        self.require_reach()
        return self

    def _look(self, data: bytes) -> None:
        """Take a quick look where every cell says its place as spreadsheet programs write it; else a close one."""
        letters, rows = _LETTERS.findall(data), _ROWS.findall(data)
        if _is_usual(data, len(letters), len(rows)):
            self._take(letters, rows, data)
        else:
            self._look_closely(data)
        self._marked = self._marked or b"<!" in data or data.find(b"<?", 1) > 0
        if self._closely and self._marked:  # a comment may hold what reads like a row
            raise self._unusual()
        if b"f" in data and (b"<f" in data or b":f" in data):
            self._find_formulas(data)
        if b"hidden" in data:
            self.hidden.extend(map(int, _HIDDEN.findall(data)))
        if b'"e"' in data or b"'e'" in data:
            for attributes in filter(_IS_ERROR.search, _CELL.findall(data)):
                self._cannot_read(attributes, "an error (such as #DIV/0!)")

    def _take(self, letters: list[bytes], rows: list[bytes], data: bytes) -> None:
        if rows:
            self._row, self._column = int(rows[-1]), 0
        if letters:
            self._column = column_number(letters[-1])
            self.columns = max(self.columns, *map(column_number, set(letters)))
            self.rows = max(self.rows, *map(int, set(_NUMBERS.findall(data))))

    def _look_closely(self, data: bytes) -> None:
        """Follow rows and cells one by one, as where they are written without their places."""
        self._closely = True
        for tag, attributes in _TAG.findall(data):
            if attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
                raise self._unusual()
            said = _SAID.search(attributes)
            if said and _SAID.search(attributes, said.end()):
                raise self._unusual()
            if tag == b"row":
                self._row, self._column = self._row_number(said), 0
            else:
                self._row, self._column = self._place(said)
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _row_number(self, said: re.Match[bytes] | None) -> int:
        if said is None:
            return self._row + 1
        if not _ROW.fullmatch(said[1]):
            raise self._unusual()
        return int(said[1])

    def _place(self, said: re.Match[bytes] | None) -> tuple[int, int]:
        if said is None:
            return self._row, self._column + 1
        place = _PLACE.fullmatch(said[1])
        if not place:
            raise self._unusual()
        return int(place[2]), column_number(place[1])

    def _unusual(self) -> BadInput:
        return BadInput(
            f"{self.file} has cells written as no spreadsheet program writes them; open it in one and save it anew"
        )

    def _find_formulas(self, data: bytes) -> None:
        for attributes, value in _FORMULA.findall(data):
            self.formulas += 1
            if not value:
                self._cannot_read(attributes, "a formula whose value was never stored")

    def _cannot_read(self, attributes: bytes, why: str) -> None:
        said = _SAID.search(attributes)
        place = _PLACE.fullmatch(said[1]) if said else None
        if place:
            self.cannot_read(int(place[2]), column_number(place[1]), why)

    def cannot_read(self, row: int, column: int, why: str) -> None:
        """Take note of a cell, by its row and column from 1, that holds no value.

        Raises:
            BadInput: there are too many of them.
        """
        self.unreadable[row, column] = why
        if len(self.unreadable) > UNREADABLE:
            raise BadInput(
                f"{self.file} has more than {grouped(UNREADABLE)} cells with {why}; "
                "open it in a spreadsheet program, let it calculate, and save it"
            )

    def require_reach(self) -> None:
        """Refuse a sheet that reaches further than any ledger does.

        Raises:
            BadInput.
        """
        if self.columns > COLUMNS:
            raise BadInput(
                f"{self.file} has a cell in column {grouped(self.columns)}, far from any ledger; "
                f"delete what stands outside the table and save it"
            )
        if self.rows * self.columns > CELLS:
            raise BadInput(
                f"{self.file} reaches over {grouped(self.rows)} rows and {grouped(self.columns)} columns, more than "
                f"{grouped(CELLS)} cells; delete what stands outside the table, or save the sheet as CSV"
            )


def _is_usual(data: bytes, places: int, rows: int) -> bool:
    """Return whether each cell and row of the data says its place in the usual form; `places` and `rows` do."""
    cells = data.count(b"<c")
    if cells != places:
        cells -= sum(data.count(mark) for mark in _NOT_CELLS)
    all_rows = data.count(b"<row") - data.count(b"<rowB")
    return places == cells and rows == all_rows and not _PREFIXED.search(data)


def column_number(letters: bytes) -> int:
    """Return the number, from 1, of the column of some letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
