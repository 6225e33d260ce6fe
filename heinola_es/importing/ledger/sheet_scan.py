"""How far a sheet reaches and which of its cells hold no readable value, found in its XML without parsing it."""

from __future__ import annotations

import re

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.limits import COLUMNS, ROW_BYTES
from heinola_es.importing.ledger.problems import grouped

CELLS = 3_000_000
UNREADABLE = 10_000

_LETTERS = re.compile(rb' r="([A-Za-z]+)')
_NUMBERS = re.compile(rb' r="[A-Za-z]+(\d{1,9})')
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d{1,9})["']""")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?"
)
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt\s*=\s*["']e["'][^>]*)>""")
_UNUSUAL = (
    *(b":c" + after for after in (b" ", b"\t", b"\n", b"\r", b">", b"/")),  # another prefix than none
    *(b"r" + after for after in (b" =", b"\t", b"\n", b"\r", b"= ", b"=\t", b"=\n", b"=\r", b"='")),
    *(before + b"r" for before in (b"\t", b"\n", b"\r")),
)
"""What a place may be written with that no spreadsheet program writes, and the quick look would miss."""

_NOT_CELLS = (b"<co", b"<cf", b"<cu", b"<ce")  # cols, conditionalFormatting, cfRule, customSheetView, cellWatch …


@define(slots=True)
class SheetScan:
    """What was found in one sheet.

    Attributes:
        file: what to call the workbook.
        rows, columns: the furthest row and column with a cell.
        formulas: how many cells hold a formula.
        unreadable: by row and column, counted from 1: why the cell has no value (an error, a formula never worked out).
    """

    file: str
    rows: int = 0
    columns: int = 0
    formulas: int = 0
    unreadable: dict[tuple[int, int], str] = field(factory=dict)
    _carry: bytes = b""
    _row: int = 0
    _column: int = 0

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
        self._require_reach()

    def close(self) -> SheetScan:
        """Look at what is left and return the scan.

        Raises:
            BadInput.
        """
        self._look(self._carry)
        self._carry = b""
        self._require_reach()
        return self

    def _look(self, data: bytes) -> None:
        cells = data.count(b"<c ")
        odd = data.count(b"<c") - cells - sum(data.count(mark) for mark in _NOT_CELLS)
        letters = _LETTERS.findall(data)
        if odd or len(letters) < cells or any(mark in data for mark in _UNUSUAL):
            self._look_closely(data)
        elif letters:
            self.columns = max(self.columns, *map(_column_number, set(letters)))
            self.rows = max(self.rows, *map(int, set(_NUMBERS.findall(data))))
        if b"f" in data and (b"<f" in data or b":f" in data):
            self._find_formulas(data)
        if b'"e"' in data or b"'e'" in data:
            for attributes in _ERROR.findall(data):
                self._cannot_read(attributes, "an error (such as #DIV/0!)")

    def _look_closely(self, data: bytes) -> None:
        """Follow rows and cells one by one, as where they are written without their places."""
        for tag, attributes in _TAG.findall(data):
            place = _PLACE.search(attributes)
            if tag == b"row":
                self._row, self._column = (int(place[2]) if place else self._row + 1), 0
            else:
                self._row = int(place[2]) if place else self._row
                self._column = _column_number(place[1]) if place else self._column + 1
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _find_formulas(self, data: bytes) -> None:
        for attributes, value in _FORMULA.findall(data):
            self.formulas += 1
            if not value:
                self._cannot_read(attributes, "a formula whose value was never stored")

    def _cannot_read(self, attributes: bytes, why: str) -> None:
        place = _PLACE.search(attributes)
        if place:
            self.unreadable[int(place[2]), _column_number(place[1])] = why
        if len(self.unreadable) > UNREADABLE:
            raise BadInput(
                f"{self.file} has more than {grouped(UNREADABLE)} cells with {why}; "
                "open it in a spreadsheet program, let it calculate, and save it"
            )

    def _require_reach(self) -> None:
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


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
